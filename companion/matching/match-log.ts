/**
 * Matches what a token has logged, see {@link ./matcher.ts}: records of a stretch of hearing one RPI, which hold the first 7 bytes of
 * it and the first 2 of its AEM.
 *
 * @module
 */
import type { Encounter } from "../../protocol/encounter-log.ts";
import type { PublishedKeys } from "../exports/published-keys.ts";
import { CLOCK_TOLERANCE } from "./clock-tolerance.ts";
import { inThisThread, type LogEntry, matchEntries, type OpenFinder } from "./matcher.ts";

/** An RPI heard later than 20 minutes after it was first heard is a replay. */
const REPLAY_INTERVALS = 2;
/** By how much times of two clock epochs may differ for being rounded to whole intervals. */
const ROUNDING_INTERVALS = 1;

/** An encounter as logged, or with its time corrected. */
export interface DatedEncounter extends Encounter {
  /** Interval by the token's clock, when `interval` is another. */
  readonly loggedInterval?: number;
  /** By how many intervals it may have been later than `interval` says, or earlier when negative. */
  readonly uncertainty?: number;
}

/** An encounter with the wearer of a published key. It does not say which key. */
export interface Match {
  /** Tells matches of different wearers and days apart; has no meaning beyond that. */
  readonly group: number;
  /** Interval of the encounter; where that is uncertain, the one for which its RPI was made. */
  readonly interval: number;
  readonly minutes: number;
  /** Transmit power minus mean RSSI in dB, at least 0. */
  readonly typicalAttenuation: number;
  /** Transmit power minus strongest RSSI in dB, at least 0. */
  readonly minAttenuation: number;
  /** Calibration confidence of the sender, 0 lowest..3 high. */
  readonly calibrationConfidence: number;
  readonly reportType: number;
  readonly daysSinceOnsetOfSymptoms: number | undefined;
}

interface EncounterEntry extends LogEntry {
  readonly encounter: DatedEncounter;
}

/**
 * Matches a token's log against published keys.
 *
 * @param files - published keys, oldest first
 */
export async function matchLog(
  encounters: readonly DatedEncounter[],
  files: Iterable<PublishedKeys>,
  openFinder: OpenFinder = inThisThread,
): Promise<Match[]> {
  const log = encounters.map((encounter) => ({
    rpi: encounter.rpiPrefix,
    aem: encounter.aemPrefix,
    first: earliest(encounter) - CLOCK_TOLERANCE,
    last: latest(encounter) + CLOCK_TOLERANCE,
    encounter,
  }));
  const keys = await matchEntries(log, files, isReplay, openFinder);
  return keys.flatMap(({ entries, reportType, daysSinceOnsetOfSymptoms }, group) =>
    entries.map(({ entry: { encounter }, interval, metadata }) => ({
      group,
      interval: encounter.uncertainty ? interval : encounter.interval,
      minutes: encounter.minutes,
      typicalAttenuation: Math.max(0, metadata.txPower - encounter.meanRssi),
      minAttenuation: Math.max(0, metadata.txPower - encounter.bestRssi),
      calibrationConfidence: metadata.calibrationConfidence,
      reportType,
      daysSinceOnsetOfSymptoms,
    })),
  );
}

function earliest({ interval, uncertainty = 0 }: DatedEncounter): number {
  return interval + Math.min(0, uncertainty);
}

function latest({ interval, uncertainty = 0 }: DatedEncounter): number {
  return interval + Math.max(0, uncertainty);
}

// By the token's own clock where it was one and the same; else only what no uncertainty explains.
function isReplay({ encounter }: EncounterEntry, heard: readonly EncounterEntry[]): boolean {
  return heard.some(({ encounter: other }) =>
    other.epoch === encounter.epoch
      ? logged(encounter) > logged(other) + REPLAY_INTERVALS
      : earliest(encounter) > latest(other) + REPLAY_INTERVALS + ROUNDING_INTERVALS,
  );
}

function logged(encounter: DatedEncounter): number {
  return encounter.loggedInterval ?? encounter.interval;
}
