/**
 * What the strip chart shows of a check.
 *
 * @module
 */
import { dayOf, intervalAt } from "../../../protocol/intervals.ts";
import type { CheckView } from "../../desk/desk-api.ts";
import { dateOfDay } from "../../risk/date-of-day.ts";

/** Days that a chart shows: as many as a token remembers. */
export const CHART_DAYS = 14;

/** How near people were, by the attenuation of the signal in dB. */
export type Nearness = "near" | "middle" | "far";

/** The first attenuation in dB that is no longer near, and the first that is far: the Corona-Warn-App's limits of weights. */
export const MIDDLE_FROM_DB = 63;
export const FAR_FROM_DB = 73;

/** A column of the chart. */
export interface ChartDay {
  /** UTC day, YYYY-MM-DD. */
  readonly date: string;
  /** 0 on a day without a meeting. */
  readonly minutes: number;
  /** Null on a day without a meeting. */
  readonly nearness: Nearness | null;
}

/** The last 14 UTC days up to a check, the earliest first. */
export function fourteenDays({
  checkedAt,
  days,
}: Pick<CheckView, "checkedAt" | "days">): ChartDay[] {
  const today = dayOf(intervalAt(checkedAt));
  return Array.from({ length: CHART_DAYS }, (_, index) => {
    const date = dateOfDay(today - (CHART_DAYS - 1 - index));
    const day = days.find((each) => each.date === date);
    return {
      date,
      minutes: day?.minutes ?? 0,
      nearness: day ? nearnessAt(day.attenuationDb) : null,
    };
  });
}

/** How near an attenuation in dB is. */
export function nearnessAt(attenuationDb: number): Nearness {
  if (attenuationDb < MIDDLE_FROM_DB) return "near";
  return attenuationDb < FAR_FROM_DB ? "middle" : "far";
}
