/**
 * The usual visit: clock, log, check against the published keys, result written back.
 *
 * @module
 */
import { decodeLog, type Encounter } from "../../protocol/encounter-log.ts";
import { intervalAt } from "../../protocol/intervals.ts";
import { LEVEL_HIGH, LEVEL_LOW, LEVEL_NONE } from "../../protocol/messages.ts";
import type { PublishedKey } from "../exports/export-file.ts";
import { exposureWindows } from "../matching/exposure-windows.ts";
import { matchLog } from "../matching/matcher.ts";
import { assessRisk, decisiveDay, type Risk } from "../matching/risk.ts";
import type { ExposureStatus, TokenClient, TokenStatus } from "../token/token-client.ts";
import { setTokenClock } from "./clock-check.ts";
import { type Warning, warningsOf } from "./warnings.ts";

const LEVELS = { none: LEVEL_NONE, low: LEVEL_LOW, high: LEVEL_HIGH } as const;

/** What a visit has shown. The wearer's log is not part of it: it lives no longer than the check. */
export interface CheckResult {
  /** State of the token before the visit changed anything. */
  readonly before: TokenStatus;
  /** By how many seconds the clock was corrected; undefined when it was set for the first time. */
  readonly clockCorrection: number | undefined;
  /** What the clerk should know besides. */
  readonly warnings: readonly Warning[];
  /** How many records of the log were checked. */
  readonly encounters: number;
  readonly risk: Risk;
}

/**
 * Encounters since a power loss carry the time that the token has guessed; they are moved by what the
 * guess was wrong. Drift since then is not known and not corrected.
 */
function correctGuessedTime(
  encounters: readonly Encounter[],
  status: TokenStatus,
  now: number,
): readonly Encounter[] {
  if (!status.clockDoubtful) return encounters;
  const shift = intervalAt(now) - intervalAt(status.time);
  return encounters.map((encounter) =>
    encounter.epoch === status.clockEpoch
      ? { ...encounter, interval: encounter.interval + shift }
      : encounter,
  );
}

/** Checks a log against published keys. */
export function checkLog(encounters: readonly Encounter[], keys: readonly PublishedKey[]): Risk {
  return assessRisk(exposureWindows(matchLog(encounters, keys)));
}

// What a token keeps of a risk, checked at `now` (Unix seconds).
function exposureStatusOf(risk: Risk, now: number): ExposureStatus {
  const latest = decisiveDay(risk);
  return {
    level: LEVELS[risk.level],
    day: latest?.day ?? 0,
    minutes: latest?.minutes ?? 0,
    attenuationDb: latest?.attenuationDb ?? 0,
    checkedInterval: intervalAt(now),
    acknowledged: false,
  };
}

/**
 * Serves a token. The log is read before the clock is set, since its times are the old clock's;
 * the new status replaces the old one only when everything before has succeeded.
 *
 * @param keys - all published keys of the last 14 days, from verified exports
 * @param now - the desk's time in Unix seconds
 */
export async function checkVisit(
  client: TokenClient,
  keys: readonly PublishedKey[],
  now: () => number,
  progress?: (read: number, all: number) => void,
): Promise<CheckResult> {
  const before = await client.status();
  const log = decodeLog(await client.readLog(progress));
  const encounters = correctGuessedTime(log, before, now());
  const clockCorrection = await setTokenClock(client, before, now());
  const risk = checkLog(encounters, keys);
  await client.writeExposure(exposureStatusOf(risk, now()));
  const warnings = warningsOf(before);
  return { before, warnings, clockCorrection, encounters: encounters.length, risk };
}
