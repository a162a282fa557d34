import { dayOf, intervalAt } from "../../../../protocol/intervals.ts";
import type { Language } from "../../../languages.ts";
import { dateOfDay } from "../../../risk/date-of-day.ts";
import { dateFormat } from "../../formats.ts";

/** Days for which keys are kept. */
export const KEY_DAYS = 14;

/**
 * UTC days, YYYY-MM-DD, from today back, the latest first. Keys have UTC days, and so do the desk's limits.
 *
 * @param now - in milliseconds
 * @param before - days before today
 */
export function recentDays(now: number, before: number): readonly string[] {
  const today = dayOf(intervalAt(now / 1000));
  return Array.from({ length: before + 1 }, (_, ago) => dateOfDay(today - ago));
}

/** Writes a day as people say it, with its weekday. */
export function dayInWords(day: string, language: Language): string {
  return dateFormat(language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(new Date(`${day}T00:00Z`));
}
