/**
 * Finds a token's encounters with the wearers of published keys. Only the intervals that the log has
 * encounters near are derived. Source: Exposure Notification Cryptography Specification v1.2, and the
 * tolerances of google/exposure-notifications-internals.
 *
 * @module
 */
import type { Encounter } from "../../protocol/encounter-log.ts";
import { PREFIX_BYTES } from "../../protocol/encounter-record.ts";
import {
  AEMK_INFO,
  cryptMetadata,
  deriveRpi,
  hkdf16,
  RPIK_INFO,
} from "../../protocol/key-schedule.ts";
import type { PublishedKey } from "../exports/export-file.ts";
import { nodePrimitives } from "./node-primitives.ts";

/** How far apart the clocks of broadcaster and receiver may be, in intervals: 2 hours. */
const CLOCK_TOLERANCE = 12;
/** An RPI heard later than 20 minutes after it was first heard is a replay. */
const REPLAY_INTERVALS = 2;
/** By how much times of two clock epochs may differ for being rounded to whole intervals. */
const ROUNDING_INTERVALS = 1;
/** Transmit powers in dBm that real devices have. */
const LOWEST_TX_POWER = -50;
const HIGHEST_TX_POWER = 20;

const RECURSIVE = 4;
const REVOKED = 5;

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

/** Matches a log against published keys; see the module's description. */
export function matchLog(
  encounters: readonly DatedEncounter[],
  keys: readonly PublishedKey[],
): Match[] {
  const reports = latestReports(keys);
  const byPrefix = new Map<string, DatedEncounter[]>();
  for (const encounter of encounters) {
    const prefix = prefixOf(encounter.rpiPrefix);
    const same = byPrefix.get(prefix);
    if (same) same.push(encounter);
    else byPrefix.set(prefix, [encounter]);
  }
  const near = intervalsNear(encounters, reports);

  const matches: Match[] = [];
  let group = 0;
  for (const key of reports) {
    const found = matchKey(key, group, near, byPrefix);
    if (found.length) group++;
    matches.push(...found);
  }
  return matches;
}

function earliest({ interval, uncertainty = 0 }: DatedEncounter): number {
  return interval + Math.min(0, uncertainty);
}

function latest({ interval, uncertainty = 0 }: DatedEncounter): number {
  return interval + Math.max(0, uncertainty);
}

// Intervals in which an encounter may have been, out of those that there are keys for: an uncertainty may be
// much longer.
function intervalsNear(
  encounters: readonly DatedEncounter[],
  keys: readonly PublishedKey[],
): Set<number> {
  let first = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const { rollingStartIntervalNumber: start, rollingPeriod } of keys) {
    first = Math.min(first, start);
    end = Math.max(end, start + rollingPeriod);
  }
  const near = new Set<number>();
  for (const encounter of encounters) {
    const from = Math.max(first, earliest(encounter) - CLOCK_TOLERANCE);
    const to = Math.min(end - 1, latest(encounter) + CLOCK_TOLERANCE);
    for (let interval = from; interval <= to; interval++) near.add(interval);
  }
  return near;
}

// A key that was published twice counts once, with its latest report.
function latestReports(keys: readonly PublishedKey[]): PublishedKey[] {
  const latest = new Map<string, PublishedKey>();
  for (const key of keys) latest.set(Buffer.from(key.keyData).toString("latin1"), key);
  return [...latest.values()].filter(
    ({ reportType }) => reportType !== REVOKED && reportType !== RECURSIVE,
  );
}

function matchKey(
  key: PublishedKey,
  group: number,
  near: ReadonlySet<number>,
  byPrefix: ReadonlyMap<string, readonly DatedEncounter[]>,
): Match[] {
  const matches: Match[] = [];
  const start = key.rollingStartIntervalNumber;
  let rpik: Uint8Array | undefined;
  for (let interval = start; interval < start + key.rollingPeriod; interval++) {
    if (!near.has(interval)) continue;
    rpik ??= hkdf16(nodePrimitives, key.keyData, RPIK_INFO);
    const rpi = deriveRpi(nodePrimitives, rpik, interval);
    const heard = (byPrefix.get(prefixOf(rpi)) ?? []).filter(
      (encounter) =>
        interval >= earliest(encounter) - CLOCK_TOLERANCE &&
        interval <= latest(encounter) + CLOCK_TOLERANCE,
    );
    for (const encounter of heard) {
      const metadata = decryptMetadata(key.keyData, rpi, encounter.aemPrefix);
      if (!metadata || isReplay(encounter, heard)) continue;
      matches.push({
        group,
        interval: encounter.uncertainty ? interval : encounter.interval,
        minutes: encounter.minutes,
        typicalAttenuation: Math.max(0, metadata.txPower - encounter.meanRssi),
        minAttenuation: Math.max(0, metadata.txPower - encounter.bestRssi),
        calibrationConfidence: metadata.calibrationConfidence,
        reportType: key.reportType,
        daysSinceOnsetOfSymptoms: key.daysSinceOnsetOfSymptoms,
      });
    }
  }
  return matches;
}

// By the token's own clock where it was one and the same; else only what no uncertainty explains.
function isReplay(encounter: DatedEncounter, heard: readonly DatedEncounter[]): boolean {
  return heard.some((other) =>
    other.epoch === encounter.epoch
      ? logged(encounter) > logged(other) + REPLAY_INTERVALS
      : earliest(encounter) > latest(other) + REPLAY_INTERVALS + ROUNDING_INTERVALS,
  );
}

function logged(encounter: DatedEncounter): number {
  return encounter.loggedInterval ?? encounter.interval;
}

function prefixOf(rpi: Uint8Array): string {
  return Buffer.from(rpi.buffer, rpi.byteOffset, PREFIX_BYTES).toString("latin1");
}

// Undefined when this cannot be what a device has sent: then the prefix matched by chance.
function decryptMetadata(
  tek: Uint8Array,
  rpi: Uint8Array,
  aemPrefix: Uint8Array,
): { txPower: number; calibrationConfidence: number } | undefined {
  const aemk = hkdf16(nodePrimitives, tek, AEMK_INFO);
  const metadata = cryptMetadata(nodePrimitives, aemk, rpi, aemPrefix);
  const version = metadata[0] as number;
  const txPower = ((metadata[1] as number) << 24) >> 24;
  // v1.0 has no confidence; v1.1 has it in bits 3:2.
  const known = version === 0x40 || (version & 0xf3) === 0x50;
  if (!known || txPower < LOWEST_TX_POWER || txPower > HIGHEST_TX_POWER) return undefined;
  return { txPower, calibrationConfidence: version === 0x40 ? 0 : (version >> 2) & 3 };
}
