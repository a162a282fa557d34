/** Seconds. */
export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** Nothing is kept for longer: 14 days, the period of the GAEN protocol and of the Saqbol policy. */
export const RETENTION = 336 * HOUR;

/** Intervals of 10 minutes in one UTC day, the longest rolling period of a key. */
export const INTERVALS_PER_DAY = 144;

const INTERVAL = 600;

/** The exposure notification interval number (ENIN) at a unix time: floor(seconds / 600). */
export function intervalNumber(unixSeconds: number): number {
  return Math.floor(unixSeconds / INTERVAL);
}

/** The unix time at which an interval begins. */
export function intervalStart(interval: number): number {
  return interval * INTERVAL;
}

/** The UTC day of an interval, in days since 1970-01-01. */
export function dayOfInterval(interval: number): number {
  return Math.floor(interval / INTERVALS_PER_DAY);
}

/** Rounds a unix time down to the full hour, which hides the moment of an upload. */
export function truncateToHour(unixSeconds: number): number {
  return unixSeconds - (unixSeconds % HOUR);
}
