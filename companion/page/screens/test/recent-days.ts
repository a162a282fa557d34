import type { Language } from "../../../desk/desk-api.ts";
import { dateFormat } from "../../formats.ts";

const DAY = 86_400_000;

/** Days before today that a key server takes for the onset of symptoms. */
export const ONSET_DAYS = 28;
/** Days for which keys are kept. */
export const KEY_DAYS = 14;

/**
 * UTC days, YYYY-MM-DD, from today back, the latest first. Keys have UTC days, and so do the desk's limits.
 *
 * @param now - in milliseconds
 * @param before - days before today
 */
export function recentDays(now: number, before: number): readonly string[] {
  return Array.from({ length: before + 1 }, (_, ago) =>
    new Date(now - ago * DAY).toISOString().slice(0, 10),
  );
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
