/**
 * The dates that a wearer gives with keys to publish.
 *
 * @module
 */
import { dayOf, INTERVALS_PER_DAY, intervalAt } from "../../protocol/intervals.ts";

/** Days before today that a key server takes for the onset of symptoms. */
export const MAX_ONSET_AGE_DAYS = 28;

/** A date, or what is wrong with it: the end of a sentence that begins with the date's name. */
export type SharingDate =
  | {
      /** First interval (ENIN) of the UTC day. */
      readonly interval: number;
    }
  | { readonly problem: string };

/** The day on which symptoms began. @param date - YYYY-MM-DD @param now - Unix seconds */
export function onsetDate(date: string, now: number): SharingDate {
  const onset = pastDate(date, now);
  if ("problem" in onset) return onset;
  const isOld = dayOf(onset.interval) < dayOf(intervalAt(now)) - MAX_ONSET_AGE_DAYS;
  return isOld ? { problem: `must lie in the last ${MAX_ONSET_AGE_DAYS} days` } : onset;
}

/** Any day up to now; it may have begun already where the sun rises earlier. @param date - YYYY-MM-DD @param now - Unix seconds */
export function pastDate(date: string, now: number): SharingDate {
  const milliseconds = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00Z`) : Number.NaN;
  const isDay =
    !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(date);
  if (!isDay) return { problem: "must be a date such as 2026-05-31" };
  const interval = intervalAt(milliseconds / 1000);
  const isAhead = interval > intervalAt(now) + INTERVALS_PER_DAY;
  return isAhead ? { problem: "must not lie in the future" } : { interval };
}
