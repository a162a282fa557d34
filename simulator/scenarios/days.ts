/**
 * Days of a scenario, and what they are made of.
 *
 * @module
 */
import { Failure } from "../../companion/failure.ts";

/** In seconds. */
export const MINUTE = 60;
/** In seconds. */
export const HOUR = 60 * MINUTE;
/** How many hours a day has. */
export const DAY_HOURS = 24;
/** In seconds. */
export const DAY = DAY_HOURS * HOUR;
/** A token keeps so many days. */
export const MOST_DAYS = 14;
/** The midnight (UTC) at which all scenarios start, in Unix seconds: a Monday. */
export const START = Date.UTC(2026, 5, 1) / 1000;

/** @throws Failure `days-out-of-range` unless `days` is a whole number from 1 to {@link MOST_DAYS} */
export function requireDays(days: number): number {
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw new Failure(
    "days-out-of-range",
    `A run has 1 to ${MOST_DAYS} whole days, not ${days}; give such a number.`,
  );
}
