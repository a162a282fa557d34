import type { CheckView, Level } from "../../desk/desk-api.ts";
import { dateFormat } from "../formats.ts";
import type { MessageKey, Words } from "../words.tsx";

/** A level in two words. */
export const LEVEL_WORDS: Readonly<Record<Level, MessageKey>> = {
  none: "visit.levelNone",
  low: "visit.levelLow",
  high: "visit.levelHigh",
};

/** A result in a sentence: on how many days there were meetings, and when the last one was. */
export function summaryOf({ days }: CheckView, { t, language }: Words): string {
  const [latest] = days;
  if (!latest) return t("visit.summaryNone");
  const date = dateFormat(language, { day: "numeric", month: "long", timeZone: "UTC" });
  return t("visit.summaryMeetings", {
    days: days.length,
    date: date.format(Date.parse(latest.date)),
  });
}

/** When a check was made, in a sentence. */
export function checkedAt(check: CheckView, { t, language }: Words): string {
  const at = check.checkedAt * 1000;
  return t("visit.checkedAt", {
    date: dateFormat(language, { day: "numeric", month: "long", year: "numeric" }).format(at),
    time: dateFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at),
  });
}
