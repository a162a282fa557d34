/**
 * The usual visit: clock, log, check against the published keys, result written back.
 *
 * @module
 */
import { decodeLog } from "../../protocol/encounter-log.ts";
import { dayOf, intervalAt } from "../../protocol/intervals.ts";
import { LEVEL_HIGH, LEVEL_LOW, LEVEL_NONE } from "../../protocol/messages.ts";
import type { PublishedKeys } from "../exports/published-keys.ts";
import { decisiveDay, type Risk } from "../risk/risk.ts";
import type { ExposureStatus, TokenClient, TokenStatus } from "../token/token-client.ts";
import { type CheckOptions, checkLog } from "./check-log.ts";
import { correctTimes } from "./log-times.ts";
import { type Warning, warningsOf } from "./warnings.ts";

const LEVELS = { none: LEVEL_NONE, low: LEVEL_LOW, high: LEVEL_HIGH } as const;

/** How a token is checked. */
export interface VisitOptions extends CheckOptions {
  /** Called with how much of the log has been read, and of how much. */
  readonly progress?: (read: number, all: number) => void;
  /** Called when the log is about to be compared with the keys, and when the result is about to be written to the token. */
  readonly onStep?: (step: "comparing" | "writing") => void;
}

/** What a visit has shown. The wearer's log is not part of it: it lives no longer than the check. */
export interface CheckResult {
  /** State of the token before the visit changed anything. */
  readonly before: TokenStatus;
  /** By how many seconds the clock was corrected, ahead when positive; undefined on its first setting. */
  readonly clockCorrection: number | undefined;
  /** What the clerk should know besides. */
  readonly warnings: readonly Warning[];
  /** How many records of the log were checked. */
  readonly encounters: number;
  readonly risk: Risk;
}

// What a token keeps of a risk, checked at `now` (Unix seconds). What its wearer knows already is not news.
function exposureStatusOf(risk: Risk, now: number, former: ExposureStatus): ExposureStatus {
  const latest = decisiveDay(risk);
  const level = LEVELS[risk.level];
  const day = latest?.day ?? 0;
  // The token has two bytes for them.
  const minutes = Math.min(latest?.minutes ?? 0, 0xffff);
  const attenuationDb = latest?.attenuationDb ?? 0;
  const acknowledged =
    former.acknowledged &&
    former.level === level &&
    former.day === day &&
    former.minutes === minutes &&
    former.attenuationDb === attenuationDb;
  return { level, day, minutes, attenuationDb, checkedInterval: intervalAt(now), acknowledged };
}

/**
 * Serves a token. The log is read before the clock is set, since its times are the old clock's;
 * the new status replaces the old one only when everything before has succeeded.
 *
 * @param keys - all published keys of the last 14 days, from verified exports, oldest first
 * @param now - the desk's time in Unix seconds
 * @throws Failure `clock-refused` when that is too far from the token's, and those of the token
 */
export async function checkVisit(
  client: TokenClient,
  keys: Iterable<PublishedKeys>,
  now: () => number,
  options: VisitOptions = {},
): Promise<CheckResult> {
  const before = await client.status();
  // Before the log is read, which takes a while.
  const seen = now();
  const encounters = correctTimes(
    decodeLog(await client.readLog(options.progress, before)),
    before,
    seen,
  );
  await client.setClock(now);
  options.onStep?.("comparing");
  const risk = await checkLog(encounters, keys, options, dayOf(intervalAt(now())));
  options.onStep?.("writing");
  await client.writeExposure(exposureStatusOf(risk, now(), before.exposure));
  return {
    before,
    warnings: warningsOf(before, encounters),
    clockCorrection: before.lastInterval > 0 ? seen - before.time : undefined,
    encounters: encounters.length,
    risk,
  };
}
