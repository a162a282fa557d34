/** Seconds. */
export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** Nothing is kept for longer: 14 days, the period of the GAEN protocol and of the Saqbol policy. */
export const RETENTION = 336 * HOUR;

/** Rounds a unix time down to the full hour, which hides the moment of an upload. */
export function truncateToHour(unixSeconds: number): number {
  return unixSeconds - (unixSeconds % HOUR);
}
