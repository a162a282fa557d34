/**
 * A clinic by day: patients register, wait, are seen by a nurse and a doctor, and go; the staff takes its break together.
 *
 * @module
 */
import type { Random } from "../random.ts";
import type { DayPlan, Spot } from "./day-plan.ts";
import { HOUR, MINUTE } from "./days.ts";
import {
  alongCorridor,
  at,
  diningSize,
  facing,
  rowsOfSeats,
  standingBeside,
  tableSeats,
  takeSeat,
} from "./furniture.ts";
import { type Kind, namesOf, type Unit } from "./generated.ts";

/** One of ten persons is staff: a receptionist, a nurse for each two doctors, and doctors. */
const STAFF_SHARE = 0.1;
const LEAST_STAFF = 3;
const OPENS = 8 * HOUR;
const LAST_APPOINTMENT = 16 * HOUR;
const CLOSES = 18.5 * HOUR;
const BREAK = [12.5 * HOUR, 13.25 * HOUR] as const;
/** A patient comes on one day in so many. */
const COMES_EVERY = 3;
/** How long before the appointment they come at most. */
const EARLY = 40 * MINUTE;
const SEATS_METRES = 0.75;
/** Across a desk, and at an examination, in metres. */
const DESK_METRES = 1.2;
const EXAMINATION_METRES = 0.7;

/** Clinics of about sixty, patients included. */
export const CLINIC: Kind = { title: "Clinic", least: 6, usual: 60, build };

/** A member of staff and where they work. */
interface Post {
  readonly plan: DayPlan;
  readonly spot: Spot;
  /** When they have time for the next patient. */
  free: number;
}

function build(number: number, persons: number): Unit {
  const staff = Math.max(LEAST_STAFF, Math.round(persons * STAFF_SHARE));
  const patients = persons - staff;
  const nurses = Math.max(1, Math.round((staff - 1) / 3));
  const doctors = staff - 1 - nurses;
  const [waiting, hall, breakRoom, ...rooms] = alongCorridor(number, [
    { width: 6, depth: 5 },
    { width: 4, depth: 5 },
    diningSize(staff),
    ...Array.from({ length: nurses + doctors }, () => ({ width: 4, depth: 4 })),
  ]);
  const posts = [at(hall, 2, 1, 90), ...rooms.map((room) => at(room, 2, 1.2, 90))];
  const seats = rowsOfSeats(waiting, SEATS_METRES);
  const breakSeats = tableSeats(breakRoom);

  return {
    persons: [
      ...namesOf("receptionist", number, 1),
      ...namesOf("nurse", number, nurses),
      ...namesOf("doctor", number, doctors),
      ...namesOf("patient", number, patients),
    ],
    plan: (day, plans, random) => {
      if (day % 7 > 4) return;
      const team = posts.map((spot, index): Post => {
        const plan = plans[index] as DayPlan;
        plan.put(OPENS - 15 * MINUTE * random.uniform(), CLOSES, spot);
        plan.put(BREAK[0], BREAK[1], breakSeats[index] as Spot);
        return { plan, spot, free: OPENS };
      });
      const [reception, ...others] = team as [Post, ...Post[]];
      const visits = appointments(plans.slice(staff), random);
      const free = [...seats];
      for (const [index, { plan, time }] of visits.entries()) {
        const nurse = others[index % nurses] as Post;
        const doctor = others[nurses + (index % doctors)] as Post;
        const arrival = Math.max(OPENS, time - EARLY * random.uniform());
        if (free.length === 0) free.push(...seats);
        plan.put(arrival, CLOSES, takeSeat(free, random));
        see(plan, reception, arrival, (1 + 2 * random.uniform()) * MINUTE, DESK_METRES);
        const measured = (3 + 5 * random.uniform()) * MINUTE;
        const after = see(plan, nurse, arrival + 10 * MINUTE, measured, EXAMINATION_METRES);
        const examined = (8 + 14 * random.uniform()) * MINUTE;
        const end = see(plan, doctor, Math.max(after, time), examined, DESK_METRES);
        plan.clear(end, CLOSES);
      }
    },
  };
}

// Who comes today, in the order of their appointments, each on a time of their own.
function appointments(
  plans: readonly DayPlan[],
  random: Random,
): { plan: DayPlan; time: number }[] {
  return plans
    .filter(() => random.uniform() < 1 / COMES_EVERY)
    .map((plan) => ({ plan, time: OPENS + (LAST_APPOINTMENT - OPENS) * random.uniform() }))
    .sort((one, other) => one.time - other.time);
}

// A patient with a member of staff, as soon as both have time; returns when it is over.
function see(patient: DayPlan, post: Post, from: number, seconds: number, metres: number): number {
  let begin = Math.max(from, post.free);
  if (begin < BREAK[1] && begin + seconds > BREAK[0]) begin = BREAK[1];
  const end = begin + seconds;
  if (end >= CLOSES) return Math.min(begin, CLOSES);
  const spot = standingBeside(post.spot, metres, 90);
  patient.put(begin, end, spot);
  post.plan.put(begin, end, facing(post.spot, spot));
  post.free = end + MINUTE;
  return end;
}
