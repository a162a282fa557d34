/**
 * How infectious someone was on a day, from the day of the first symptoms. Source: the default of Exposure
 * Notifications Express.
 *
 * @module
 */

/** 0 not infectious, 1 standard, 2 high. */
export type Infectiousness = 0 | 1 | 2;

/** Infectiousness so many days after the first symptoms; standard when that is not known. */
export function infectiousnessOf(daysSinceOnset: number | undefined): Infectiousness {
  if (daysSinceOnset === undefined) return 1;
  if (daysSinceOnset >= -1 && daysSinceOnset <= 3) return 2;
  return daysSinceOnset >= -3 && daysSinceOnset <= 10 ? 1 : 0;
}
