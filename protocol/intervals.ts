/**
 * Time as Exposure Notification counts it: ten-minute intervals since 1970 (ENIN, exposure
 * notification interval number). Source: Exposure Notification Cryptography Specification v1.2,
 * "ENIntervalNumber", "TEKRollingPeriod".
 *
 * @module
 */

/** Length of one interval in seconds. */
export const SECONDS_PER_INTERVAL = 600;

/** TEKRollingPeriod: how many intervals one temporary exposure key (TEK) is used for, one UTC day. */
export const INTERVALS_PER_DAY = 144;

/** A key can be replayed for 2 hours after it has ended; until then a server must not publish it. */
export const REPLAY_INTERVALS = 12;

/** How long keys and encounters are kept, in intervals: 14 days. */
export const RETENTION_INTERVALS = 2016;

/** The interval (uint32) that holds the given moment in Unix seconds, 0..2^32. */
export function intervalAt(unixSeconds: number): number {
  // Cheaper than Math.floor on the token's interpreter.
  return (unixSeconds / SECONDS_PER_INTERVAL) | 0;
}

/** The moment in Unix seconds at which an interval begins. */
export function intervalStart(interval: number): number {
  return interval * SECONDS_PER_INTERVAL;
}

/** The first interval of the UTC day that holds `interval`, where the day's TEK starts. */
export function dayStart(interval: number): number {
  return interval - (interval % INTERVALS_PER_DAY);
}

/** The UTC day of an interval, in days since 1970. */
export function dayOf(interval: number): number {
  return Math.floor(interval / INTERVALS_PER_DAY);
}
