import type { CheckView, Level } from "../../desk/desk-api.ts";
import { dateFormat } from "../formats.ts";
import type { MessageKey, Words } from "../words.tsx";

/** A level in two words. */
export const LEVEL_WORDS: Readonly<Record<Level, MessageKey>> = {
  none: "visit.levelNone",
  low: "visit.levelLow",
  high: "visit.levelHigh",
};

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
export function checkedAt(check: CheckView, { t, language }: Words): string {
  const at = check.checkedAt * 1000;
  return t("visit.checkedAt", {
    date: dateFormat(language, { day: "numeric", month: "long", year: "numeric" }).format(at),
    time: dateFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at),
  });
}
