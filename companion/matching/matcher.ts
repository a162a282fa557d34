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
/** Transmit powers in dBm that real devices have. */
const LOWEST_TX_POWER = -50;
const HIGHEST_TX_POWER = 20;

const RECURSIVE = 4;
const REVOKED = 5;

/** An encounter with the wearer of a published key. It does not say which key. */
export interface Match {
  /** Tells matches of different wearers and days apart; has no meaning beyond that. */
  readonly group: number;
  /** Interval of the encounter by the token's clock. */
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
export function matchLog(encounters: readonly Encounter[], keys: readonly PublishedKey[]): Match[] {
  const byPrefix = new Map<string, Encounter[]>();
  const near = new Set<number>();
  for (const encounter of encounters) {
    const prefix = prefixOf(encounter.rpiPrefix);
    const same = byPrefix.get(prefix);
    if (same) same.push(encounter);
    else byPrefix.set(prefix, [encounter]);
    for (let offset = -CLOCK_TOLERANCE; offset <= CLOCK_TOLERANCE; offset++) {
      near.add(encounter.interval + offset);
    }
  }

  const matches: Match[] = [];
  let group = 0;
  for (const key of latestReports(keys)) {
    const found = matchKey(key, group, near, byPrefix);
    if (found.length) group++;
    matches.push(...found);
  }
  return matches;
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
  byPrefix: ReadonlyMap<string, readonly Encounter[]>,
): Match[] {
  const matches: Match[] = [];
  const start = key.rollingStartIntervalNumber;
  let rpik: Uint8Array | undefined;
  for (let interval = start; interval < start + key.rollingPeriod; interval++) {
    if (!near.has(interval)) continue;
    rpik ??= hkdf16(nodePrimitives, key.keyData, RPIK_INFO);
    const rpi = deriveRpi(nodePrimitives, rpik, interval);
    const heard = (byPrefix.get(prefixOf(rpi)) ?? []).filter(
      (encounter) => Math.abs(encounter.interval - interval) <= CLOCK_TOLERANCE,
    );
    const first = Math.min(...heard.map((encounter) => encounter.interval));
    for (const encounter of heard) {
      const metadata = decryptMetadata(key.keyData, rpi, encounter.aemPrefix);
      if (!metadata || encounter.interval > first + REPLAY_INTERVALS) continue;
      matches.push({
        group,
        interval: encounter.interval,
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
