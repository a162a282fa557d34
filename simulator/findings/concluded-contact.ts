/**
 * From sightings to contacts as a desk sees them. Times are seconds since the scenario's start.
 *
 * @module
 */
import { intervalStart, SECONDS_PER_INTERVAL } from "../../protocol/intervals.ts";
import { SHADOWING_SPREAD } from "../air/shadowing.ts";
import type { Sighting } from "./conclude.ts";

const MINUTES_PER_INTERVAL = SECONDS_PER_INTERVAL / 60;
/** By how many dB single sightings of a contact may be weaker than the whole of it: one standard deviation of slow shadowing. */
const WEAKER_DECIBELS = SHADOWING_SPREAD;

/** A stretch of time, `to` not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Sightings within 2 m that follow each other, taken for one contact. */
export interface ConcludedContact extends Span {
  /** Sum of the sightings' minutes. */
  readonly minutes: number;
  /** Of which it consists. */
  readonly sightings: readonly Sighting[];
}

/**
 * The intervals that a sighting can stand for: the one in which it began, and where records were joined to more minutes than fit
 * there, as many as these fill.
 *
 * @param start - the scenario's start in Unix seconds
 */
export function spanOf({ interval, minutes }: Sighting, start: number): Span {
  const from = intervalStart(interval) - start;
  const intervals = Math.ceil(minutes / MINUTES_PER_INTERVAL);
  return { from, to: from + Math.max(1, intervals) * SECONDS_PER_INTERVAL };
}

/**
 * What a desk takes for contacts within 2 m. Sightings whose intervals are at most one apart, that is which overlap or follow each
 * other without an interval between, are one contact, which is judged as a whole: weighted by minutes, its mean attenuation is
 * at most `decibels`. Sightings that are weaker by more than a shadow passing by are left out.
 *
 * @param sightings - of one wearer with one other, in the order of time
 * @param start - the scenario's start in Unix seconds
 */
export function concludeContacts(
  sightings: readonly Sighting[],
  decibels: number,
  start: number,
): ConcludedContact[] {
  const contacts: { from: number; to: number; minutes: number; sightings: Sighting[] }[] = [];
  for (const sighting of sightings) {
    if (sighting.meanAttenuation > decibels + WEAKER_DECIBELS) continue;
    const { from, to } = spanOf(sighting, start);
    const open = contacts.at(-1);
    if (open && from <= open.to) {
      open.to = Math.max(open.to, to);
      open.minutes += sighting.minutes;
      open.sightings.push(sighting);
    } else contacts.push({ from, to, minutes: sighting.minutes, sightings: [sighting] });
  }
  return contacts.filter((contact) => meanAttenuationOf(contact) <= decibels);
}

function meanAttenuationOf({ minutes, sightings }: ConcludedContact): number {
  return sightings.reduce((sum, each) => sum + each.minutes * each.meanAttenuation, 0) / minutes;
}

/**
 * Makes a function that tells how many minutes the sightings of these contacts have whose intervals overlap a span; it costs no more
 * the more contacts there are at other times.
 *
 * @param contacts - in the order of time
 */
export function minutesDuring(
  contacts: readonly ConcludedContact[],
  start: number,
): (span: Span) => number {
  const sightings = contacts.flatMap((contact) => contact.sightings);
  const spans = sightings.map((sighting) => spanOf(sighting, start));
  const longest = spans.reduce((most, { from, to }) => Math.max(most, to - from), 0);
  return ({ from, to }) => {
    let minutes = 0;
    for (let at = firstAfter(spans, from - longest); at < spans.length; at++) {
      const span = spans[at] as Span;
      if (span.from >= to) break;
      if (span.to > from) minutes += (sightings[at] as Sighting).minutes;
    }
    return minutes;
  };
}

// The first of the spans that begins after a time.
function firstAfter(spans: readonly Span[], time: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).from > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
