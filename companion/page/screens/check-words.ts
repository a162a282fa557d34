import type { CheckView } from "../../desk/desk-api.ts";
import { dateFormat } from "../formats.ts";
import type { Words } from "../words.tsx";

/** On how many days there were meetings, and when the last one was; null without any. */
export function summaryOf({ days }: CheckView, { t, language }: Words): string | null {
  const [latest] = days;
  if (!latest) return null;
  const date = dateFormat(language, { day: "numeric", month: "long", timeZone: "UTC" });
  return t("visit.summaryMeetings", {
    days: days.length,
    date: date.format(Date.parse(latest.date)),
  });
}

/** When a check was made. */
export function checkedAt(check: CheckView, words: Words): string {
  return timeInWords(check.checkedAt * 1000, words);
}

/** A day and its time; `at` in Unix milliseconds. */
export function timeInWords(at: number, { t, language }: Words): string {
  return t("visit.checkedAt", {
    date: dateFormat(language, { day: "numeric", month: "long", year: "numeric" }).format(at),
    time: dateFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at),
  });
}
