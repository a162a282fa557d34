/**
 * A contact trace as a world: what the sensors saw is kept exactly, and what they could not see (distances, and who else
 * was near by) is drawn.
 *
 * @module
 */
import { createRandom, type Random } from "../random.ts";
import type { ContactTrace } from "./contact-trace.ts";
import { DAY, MINUTE, MOST_DAYS, requireDays, START } from "./days.ts";
import { type Attendance, attend, stepsBetween } from "./gatherings.ts";
import { type Presence, presencesOf } from "./presence.ts";
import { type Rooms, type Seats, seat } from "./replay-rooms.ts";
import { drawApart, drawContact } from "./replay-stances.ts";
import type { Episode, Scenario } from "./scenario.ts";
import { eachMeeting, episodeOf, inOrder, type Stay } from "./stays.ts";
import { type Span, spansOf } from "./trace-contacts.ts";

/**
 * Who meets again so soon has not left in between: they stay where they are, and have turned aside, so that their sensors do
 * not see each other. In seconds.
 */
const STAY_SECONDS = 5 * MINUTE;
/** How long people stay as they are when nobody comes and they do not go, on the average, in seconds. */
const STILL = 30 * MINUTE;

/** What a replay leaves open. */
export interface ReplayOptions {
  /** 1 to 14; by default what the trace has. Days beyond its end repeat it from its first day. */
  readonly days?: number;
  /** For all that is drawn. */
  readonly seed: string;
  /** Where everybody is between contacts: by default out of the others' reach, for a trace does not tell. */
  readonly rooms?: Rooms | "none";
}

/** One day of a trace. */
interface TraceDay {
  readonly contacts: Span[];
  readonly presences: Presence[];
}

interface Visit extends Stay {
  readonly host: number;
}

/**
 * Replays a trace.
 *
 * Whoever is in contact stands in front of the other, at the distance that the sensors reach. Others of the same
 * gathering, whom contacts join through somebody else, are more than 2 m away and turned away, else their sensors had seen
 * each other. With rooms, all others who are in the building are at a place of their own in it, behind walls or 3 m apart;
 * who has no contact for eight hours is out of reach.
 *
 * @throws Failure `days-out-of-range`
 */
export function replayTrace(trace: ContactTrace, options: ReplayOptions): Scenario {
  const { seed, rooms = "none" } = options;
  const days = requireDays(options.days ?? Math.min(trace.days, MOST_DAYS));
  const { persons } = trace;
  const random = createRandom(`replay ${seed}`);
  const contacts = spansOf(trace, STAY_SECONDS);
  const seats = seat(
    persons.length,
    contacts,
    rooms === "shared" ? rooms : "own",
    random.fork("seats"),
  );
  const traceDays = cut(trace.days, {
    contacts,
    presences: presencesOf(contacts, persons.length, random.fork("presences")),
  });
  return {
    title: rooms === "none" ? trace.title : `${trace.title}, ${rooms} rooms`,
    persons,
    days,
    start: START,
    day: (index) => {
      const ofTrace = index % trace.days;
      const shift = (index - ofTrace) * DAY;
      const day = traceDays[ofTrace] as TraceDay;
      const episodes = replayDay(
        day,
        ofTrace * DAY,
        rooms === "none",
        seats,
        random.fork(`day ${index}`),
      );
      return inOrder(
        shift === 0
          ? episodes
          : episodes.map((each) => ({ ...each, from: each.from + shift, to: each.to + shift })),
      );
    },
  };
}

function replayDay(
  day: TraceDay,
  from: number,
  onlyGatherings: boolean,
  seats: Seats,
  random: Random,
): Episode[] {
  const persons = seats.places.length;
  const pairOf = (a: number, b: number): number => a * persons + b;
  const episodes: Episode[] = [];
  const inContact = new Map<number, Span[]>();
  const ofPerson = Array.from({ length: persons }, () => [] as Span[]);
  for (const contact of day.contacts) {
    for (const episode of drawContact(contact, from, from + DAY, random)) episodes.push(episode);
    ofPerson[contact.a]?.push(contact);
    ofPerson[contact.b]?.push(contact);
    const pair = pairOf(contact.a, contact.b);
    const earlier = inContact.get(pair);
    if (earlier) earlier.push(contact);
    else inContact.set(pair, [contact]);
  }
  eachMeeting(visitsOf(day, from, seats, random), (meeting) => {
    const { a, b } = meeting;
    if (a.host !== b.host) {
      if (!onlyGatherings) episodes.push(episodeOf(meeting));
      return;
    }
    const contacts = inContact.get(pairOf(a.person, b.person)) ?? [];
    for (const [begin, end] of without(meeting.from, meeting.to, contacts)) {
      const steps = stepsBetween(a.person, b.person, begin, ofPerson);
      const apart = drawApart(a.person, b.person, begin, end, steps, random);
      for (const episode of apart) episodes.push(episode);
    }
  });
  return episodes;
}

// Where everybody is while they are there, cut into the pieces between which they turn.
function visitsOf(day: TraceDay, from: number, seats: Seats, random: Random): Visit[] {
  const persons = seats.places.length;
  const attendances = Array.from({ length: persons }, () => [] as Attendance[]);
  for (const each of attend(day.contacts, persons, from, from + DAY)) {
    attendances[each.person]?.push(each);
  }
  const visits: Visit[] = [];
  for (const presence of day.presences) {
    for (const { person, host, ...time } of attendances[presence.person] as Attendance[]) {
      const end = Math.min(time.to, presence.to);
      const home = seats.places[host] as Seats["places"][number];
      const scattered = (): number => seats.scatter * (2 * random.uniform() - 1);
      for (let begin = Math.max(time.from, presence.from); begin < end; ) {
        const next = Math.min(end, begin + Math.round(STILL * (0.5 + random.uniform())));
        const [x, y] = [home.x + scattered(), home.y + scattered()];
        const place = { room: home.room, x, y, heading: 360 * random.uniform() };
        visits.push({ person, host, from: begin, to: next, place });
        begin = next;
      }
    }
  }
  return visits;
}

// What is left of a time without spans, which come in order.
function without(from: number, to: number, spans: readonly Span[]): [number, number][] {
  const left: [number, number][] = [];
  let begin = from;
  for (const span of spans) {
    if (span.to <= begin || span.from >= to) continue;
    if (span.from > begin) left.push([begin, span.from]);
    begin = Math.max(begin, span.to);
  }
  if (begin < to) left.push([begin, to]);
  return left;
}

function cut(days: number, whole: TraceDay): TraceDay[] {
  const daily: TraceDay[] = Array.from({ length: days }, () => ({
    contacts: [],
    presences: [],
  }));
  const sort = <T extends { from: number; to: number }>(
    items: readonly T[],
    into: (day: TraceDay) => T[],
  ): void => {
    for (const item of items) {
      const last = Math.min(days - 1, Math.ceil(item.to / DAY) - 1);
      for (let day = Math.max(0, Math.floor(item.from / DAY)); day <= last; day++) {
        into(daily[day] as TraceDay).push(item);
      }
    }
  };
  sort(whole.contacts, (day) => day.contacts);
  sort(whole.presences, (day) => day.presences);
  return daily;
}
