/**
 * How long a run was, in words: an interrupted one ends with any hour.
 *
 * @module
 */
import { DAY_HOURS } from "../scenarios/days.ts";

/** Days lived through: `11 days`, `1 day and 23 hours`, `2 hours`. */
export function livedDays(days: number): string {
  const hours = Math.round(days * DAY_HOURS);
  const [whole, rest] = [Math.floor(hours / DAY_HOURS), hours % DAY_HOURS];
  if (rest === 0) return countOf(whole, "day");
  return whole === 0
    ? countOf(rest, "hour")
    : `${countOf(whole, "day")} and ${countOf(rest, "hour")}`;
}

/** How many of the days asked for were lived through: `4 of 11 days`, `2 hours of 1 day`. */
export function livedOf(days: number, daysAsked: number): string {
  const lived = Number.isInteger(days) ? `${days}` : livedDays(days);
  return `${lived} of ${countOf(daysAsked, "day")}`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
