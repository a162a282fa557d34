/**
 * What is shown of tokens, checks and publications.
 *
 * @module
 */
import { intervalStart } from "../../protocol/intervals.ts";
import { dateOfDay } from "../risk/date-of-day.ts";
import type { Published } from "../servers/key-server-client.ts";
import type { TokenStatus } from "../token/token-client.ts";
import type { CheckResult } from "../visit/check-visit.ts";
import { TIME_WAS_LOST } from "../visit/warnings.ts";
import type { CheckView, Level, PublishedView, StatusView } from "./desk-api.ts";

// In the order of the protocol's numbers.
const LEVELS: readonly Level[] = ["none", "low", "high"];

/** @param now - Unix seconds when the status was read */
export function statusView(status: TokenStatus, now: number): StatusView {
  const { exposure } = status;
  const clockSet = status.lastInterval > 0;
  return {
    state: status.state,
    batteryPercent: status.battery,
    batteryLow: status.batteryLow,
    failures: status.failures,
    restarts: status.restarts,
    clockSet,
    clockDoubtful: status.clockDoubtful,
    clockErrorSeconds: clockSet ? whole(status.time - now) : null,
    logFull: status.logFull,
    logEmpty: status.logEnd <= status.logStart,
    lastCheck: exposure.checkedInterval ? intervalStart(exposure.checkedInterval) : null,
    exposure: {
      level: LEVELS[exposure.level] ?? "none",
      date: exposure.day ? dateOfDay(exposure.day) : null,
      minutes: exposure.minutes,
      attenuationDb: exposure.attenuationDb,
      acknowledged: exposure.acknowledged,
    },
  };
}

/**
 * @param result - of a check that may have been tried before in the same visit, and have set the clock then
 * @param first - the token when the visit began, before anything was changed
 * @param now - Unix seconds
 */
export function checkView(
  { risk, warnings, encounters }: CheckResult,
  { clockSet, clockDoubtful, clockErrorSeconds, lastCheck }: StatusView,
  now: number,
): CheckView {
  const isTold = warnings.some(({ code }) => code === TIME_WAS_LOST.code);
  const all = clockSet && clockDoubtful && !isTold ? [...warnings, TIME_WAS_LOST] : warnings;
  return {
    checkedAt: Math.floor(now),
    level: risk.level,
    days: risk.days.map(({ day, level, minutes, attenuationDb }) => ({
      date: dateOfDay(day),
      level,
      minutes,
      attenuationDb,
    })),
    warnings: all.map(({ code }) => code),
    warningSentences: all.map(({ message }) => message),
    encounters,
    clockCorrectionSeconds: clockErrorSeconds === null ? null : whole(-clockErrorSeconds),
    previousCheck: lastCheck,
  };
}

/** What a publication achieved. */
export function publishedView({ inserted, refused, leftOut }: Published): PublishedView {
  return {
    inserted: inserted ?? null,
    refused: refused.length,
    refusedPositions: refused,
    leftOut: leftOut.length,
  };
}

// Never -0.
const whole = (seconds: number): number => Math.round(seconds) + 0;
