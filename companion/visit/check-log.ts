/**
 * From a log and the published keys to a risk.
 *
 * @module
 */
import { dayOf, intervalAt } from "../../protocol/intervals.ts";
import type { PublishedKeys } from "../exports/published-keys.ts";
import { type DatedEncounter, matchLog } from "../matching/match-log.ts";
import { matchSightings, type Sighting } from "../matching/match-sightings.ts";
import type { OpenFinder } from "../matching/matcher.ts";
import { exposureWindows, windowsOfSightings } from "../risk/exposure-windows.ts";
import type { Risk, RiskModel } from "../risk/risk.ts";
import { DEFAULT_RISK_MODEL } from "../risk/risk-configuration.ts";

/** How a log is checked. */
export interface CheckOptions {
  /** Kazakhstan's unless told. */
  readonly model?: RiskModel | undefined;
  /** Who searches the keys; this thread unless told. */
  readonly openFinder?: OpenFinder;
}

/**
 * Checks a token's log.
 *
 * @param files - published keys, oldest first
 * @param today - UTC day of the check in days since 1970; the last day of the log unless told
 */
export async function checkLog(
  encounters: readonly DatedEncounter[],
  files: Iterable<PublishedKeys>,
  { model = DEFAULT_RISK_MODEL, openFinder }: CheckOptions = {},
  today = lastDayOf(encounters.map(({ interval }) => interval)),
): Promise<Risk> {
  const matches = await matchLog(encounters, files, openFinder);
  return model.assess(exposureWindows(matches, model.keys), today);
}

/** The same for a log of single sightings. */
export async function checkSightings(
  sightings: readonly Sighting[],
  files: Iterable<PublishedKeys>,
  { model = DEFAULT_RISK_MODEL, openFinder }: CheckOptions = {},
  today = lastDayOf(sightings.map(({ time }) => intervalAt(time))),
): Promise<Risk> {
  const matches = await matchSightings(sightings, files, openFinder);
  return model.assess(windowsOfSightings(matches, model.keys), today);
}

function lastDayOf(intervals: readonly number[]): number {
  return intervals.reduce((last, interval) => Math.max(last, dayOf(interval)), 0);
}
