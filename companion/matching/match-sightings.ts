/**
 * Matches a log of single sightings with whole RPIs, as phones keep it, see {@link ./matcher.ts}.
 *
 * @module
 */
import { intervalAt } from "../../protocol/intervals.ts";
import type { PublishedKeys } from "../exports/published-keys.ts";
import type { MatchedSighting } from "../risk/exposure-windows.ts";
import { CLOCK_TOLERANCE } from "./clock-tolerance.ts";
import { inThisThread, type LogEntry, matchEntries, type OpenFinder } from "./matcher.ts";

/** An RPI heard later than 20 minutes after it was first heard is a replay. */
const REPLAY_SECONDS = 1200;
const AEM_BYTES = 4;

/** One received beacon. */
export interface Sighting {
  /** 16 bytes. */
  readonly rpi: Uint8Array;
  /** 4 bytes; a sighting with another number of them does not count. */
  readonly aem: Uint8Array;
  /** Unix seconds. */
  readonly time: number;
  /** When the scan before this one ended, in Unix seconds; 0 when that is not known. */
  readonly previousScan: number;
  /** Calibrated, in dBm. */
  readonly rssi: number;
}

interface SightingEntry extends LogEntry {
  readonly sighting: Sighting;
}

/**
 * Matches sightings against published keys.
 *
 * @param files - published keys, oldest first
 */
export async function matchSightings(
  sightings: readonly Sighting[],
  files: Iterable<PublishedKeys>,
  openFinder: OpenFinder = inThisThread,
): Promise<MatchedSighting[]> {
  const log = sightings
    .filter(({ aem }) => aem.length === AEM_BYTES)
    .map((sighting) => ({
      rpi: sighting.rpi,
      aem: sighting.aem,
      first: intervalAt(sighting.time) - CLOCK_TOLERANCE,
      last: intervalAt(sighting.time) + CLOCK_TOLERANCE,
      sighting,
    }));
  const keys = await matchEntries(log, files, isReplay, openFinder);
  return keys.flatMap(({ entries, reportType, daysSinceOnsetOfSymptoms }, group) =>
    entries.map(({ entry: { sighting }, metadata }) => ({
      group,
      time: sighting.time,
      previousScan: sighting.previousScan,
      attenuation: Math.max(0, metadata.txPower - sighting.rssi),
      calibrationConfidence: metadata.calibrationConfidence,
      reportType,
      daysSinceOnsetOfSymptoms,
    })),
  );
}

function isReplay({ sighting }: SightingEntry, heard: readonly SightingEntry[]): boolean {
  return heard.some(({ sighting: other }) => sighting.time > other.time + REPLAY_SECONDS);
}
