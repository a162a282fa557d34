/**
 * From sightings to contacts as a desk sees them. Times are seconds since the scenario's start.
 *
 * @module
 */
import { intervalStart, SECONDS_PER_INTERVAL } from "../../protocol/intervals.ts";
import type { Sighting } from "./conclude.ts";

const MINUTES_PER_INTERVAL = SECONDS_PER_INTERVAL / 60;

/** A stretch of time, `to` not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Sightings within 2 m that follow each other, taken for one contact. */
export interface ConcludedContact extends Span {
  /** Sum of the sightings' minutes. */
  readonly minutes: number;
}

/** Sightings that a desk takes for ones within 2 m: those whose mean attenuation is at most `decibels`. */
export function withinTwoMetres(sightings: readonly Sighting[], decibels: number): Sighting[] {
  return sightings.filter(({ meanAttenuation }) => meanAttenuation <= decibels);
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
 * Joins sightings whose intervals are at most one apart, that is which overlap or follow each other without an interval between.
 *
 * @param sightings - of one wearer with one other, within 2 m, in the order of time
 * @param start - the scenario's start in Unix seconds
 */
export function joinSightings(sightings: readonly Sighting[], start: number): ConcludedContact[] {
  const contacts: { from: number; to: number; minutes: number }[] = [];
  for (const sighting of sightings) {
    const { from, to } = spanOf(sighting, start);
    const open = contacts.at(-1);
    if (open && from <= open.to) {
      open.to = Math.max(open.to, to);
      open.minutes += sighting.minutes;
    } else contacts.push({ from, to, minutes: sighting.minutes });
  }
  return contacts;
}

/** Minutes of the sightings whose intervals overlap the span from `from` to `to`. */
export function minutesWithin(
  sightings: readonly Sighting[],
  { from, to }: Span,
  start: number,
): number {
  let minutes = 0;
  for (const sighting of sightings) {
    const span = spanOf(sighting, start);
    if (span.from < to && span.to > from) minutes += sighting.minutes;
  }
  return minutes;
}
