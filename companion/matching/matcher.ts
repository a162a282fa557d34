/**
 * Finds a wearer's encounters with the wearers of published keys. Only the intervals that the log has encounters near are
 * derived. Source: Exposure Notification Cryptography Specification v1.2, and the tolerances of
 * google/exposure-notifications-internals.
 *
 * @module
 */
import { PREFIX_BYTES as PREFIX } from "../../protocol/encounter-record.ts";
import {
  AEMK_INFO,
  cryptMetadata,
  deriveRpi,
  hkdf16,
  RPIK_INFO,
} from "../../protocol/key-schedule.ts";
import {
  type PublishedKey,
  type PublishedKeys,
  publishedKeyAt,
} from "../exports/published-keys.ts";
import { KernelFinder } from "./kernel-finder.ts";
import type { KeyFinder } from "./key-finder.ts";
import { indexLog, type LogIndex } from "./log-index.ts";
import { nodePrimitives } from "./node-primitives.ts";

/** Transmit powers in dBm that real devices have. */
const LOWEST_TX_POWER = -50;
const HIGHEST_TX_POWER = 20;

const REVOKED = 5;
/**
 * Report types by how much they say: unknown, self-report, clinical diagnosis, confirmed test, revoked. Servers revise a report upwards only
 * (exposure-notifications-server, "Report Type Transitions"). Recursive and unknown ones are not among them: they are passed over.
 */
const REPORT_TYPES = [0, 3, 2, 1, REVOKED];

/** What matching needs of one entry of a log, whatever kind of log it is. */
export interface LogEntry {
  /** The RPI that was heard, or the first 7 bytes of it. */
  readonly rpi: Uint8Array;
  /** Its AEM, or the first 2 bytes of it. */
  readonly aem: Uint8Array;
  /** First and last interval for which the RPI may have been made. */
  readonly first: number;
  readonly last: number;
}

/** What the sender of an RPI has said of itself. */
export interface SenderMetadata {
  /** In dBm, -50..20. */
  readonly txPower: number;
  /** 0 lowest..3 high. */
  readonly calibrationConfidence: number;
}

/** An entry of a log that was sent with a published key. */
export interface MatchedEntry<Entry> {
  readonly entry: Entry;
  /** Interval for which its RPI was made. */
  readonly interval: number;
  readonly metadata: SenderMetadata;
}

/** All entries of a log that were sent with one key. */
export interface MatchedKey<Entry> {
  readonly entries: readonly MatchedEntry<Entry>[];
  readonly reportType: number;
  readonly daysSinceOnsetOfSymptoms: number | undefined;
}

interface KnownKey<Entry> extends MatchedKey<Entry> {
  readonly rollingStartIntervalNumber: number;
  readonly rollingPeriod: number;
}

/** Who finds keys in a log with this index. */
export type OpenFinder = (index: LogIndex) => KeyFinder;

/** Finds keys in this thread. */
export const inThisThread: OpenFinder = (index) => new KernelFinder(index);

/**
 * Matches a log against published keys; see the module's description.
 *
 * A key that comes again counts once, with its latest report unless that says less than the one before. Once a key has matched, it is passed over
 * with another start or period.
 *
 * @param files - published keys, oldest first
 * @param isReplay - whether an entry cannot have come from the sender itself, seeing all those of the same RPI that were
 *   heard at times at which that was possible
 * @returns the keys that were heard, in the order in which they were published
 */
export async function matchEntries<Entry extends LogEntry>(
  log: readonly Entry[],
  files: Iterable<PublishedKeys>,
  isReplay: (entry: Entry, heard: readonly Entry[]) => boolean,
  openFinder: OpenFinder,
): Promise<MatchedKey<Entry>[]> {
  const known = new Map<string, KnownKey<Entry>>();
  if (log.length === 0) return [];
  const finder = openFinder(indexLog(log));
  try {
    const byPrefix = groupByPrefix(log);
    for (const keys of files) {
      for (const [index, intervals] of groupPairs(await finder.find(keys))) {
        const key = publishedKeyAt(keys, index);
        const name = hex(key.keyData);
        const before = known.get(name);
        if (!mayFollow(before, key)) continue;
        const entries =
          before?.entries ??
          intervals.flatMap((interval) => confirm(key, interval, byPrefix, isReplay));
        if (entries.length === 0) continue;
        known.set(name, {
          ...key,
          daysSinceOnsetOfSymptoms: key.daysSinceOnsetOfSymptoms,
          entries,
        });
      }
    }
  } finally {
    await finder.close();
  }
  return [...known.values()].filter(({ reportType }) => reportType !== REVOKED);
}

// Whether a published key counts after what is known of the same key.
function mayFollow(before: KnownKey<unknown> | undefined, key: PublishedKey): boolean {
  const rank = REPORT_TYPES.indexOf(key.reportType);
  if (!before) return rank >= 0;
  return (
    rank >= REPORT_TYPES.indexOf(before.reportType) &&
    before.rollingStartIntervalNumber === key.rollingStartIntervalNumber &&
    before.rollingPeriod === key.rollingPeriod
  );
}

function groupByPrefix<Entry extends LogEntry>(log: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of log) {
    const prefix = hex(entry.rpi.subarray(0, PREFIX));
    const same = groups.get(prefix);
    if (same) same.push(entry);
    else groups.set(prefix, [entry]);
  }
  return groups;
}

// From pairs of key and interval, in the order of keys.
function groupPairs(pairs: Uint32Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < pairs.length; i += 2) {
    const key = pairs[i] as number;
    groups.set(key, [...(groups.get(key) ?? []), pairs[i + 1] as number]);
  }
  return groups;
}

// The entries that were sent with a key in an interval: what the search has found is believed only after this.
function confirm<Entry extends LogEntry>(
  { keyData }: PublishedKey,
  interval: number,
  byPrefix: ReadonlyMap<string, readonly Entry[]>,
  isReplay: (entry: Entry, heard: readonly Entry[]) => boolean,
): MatchedEntry<Entry>[] {
  const rpik = hkdf16(nodePrimitives, keyData, RPIK_INFO);
  const rpi = deriveRpi(nodePrimitives, rpik, interval);
  const heard = (byPrefix.get(hex(rpi.subarray(0, PREFIX))) ?? []).filter(
    (entry) => interval >= entry.first && interval <= entry.last && startsWith(rpi, entry.rpi),
  );
  return heard.flatMap((entry) => {
    const metadata = decryptMetadata(keyData, rpi, entry.aem);
    return metadata && !isReplay(entry, heard) ? [{ entry, interval, metadata }] : [];
  });
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, at) => byte === bytes[at]);
}

// Undefined when this cannot be what a device has sent: then the prefix matched by chance.
function decryptMetadata(
  tek: Uint8Array,
  rpi: Uint8Array,
  aem: Uint8Array,
): SenderMetadata | undefined {
  const aemk = hkdf16(nodePrimitives, tek, AEMK_INFO);
  const metadata = cryptMetadata(nodePrimitives, aemk, rpi, aem);
  const version = metadata[0] as number;
  const txPower = ((metadata[1] as number) << 24) >> 24;
  // v1.0 has no confidence; v1.1 has it in bits 3:2.
  const known = version === 0x40 || (version & 0xf3) === 0x50;
  if (!known || txPower < LOWEST_TX_POWER || txPower > HIGHEST_TX_POWER) return undefined;
  return { txPower, calibrationConfidence: version === 0x40 ? 0 : (version >> 2) & 3 };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}
