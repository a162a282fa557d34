/**
 * A log as the search for its RPIs needs it: the first bytes of each RPI, in order, and when it may have been made. Only numbers
 * in typed arrays, so that it can be handed to another thread.
 *
 * @module
 */
import { PREFIX_BYTES } from "../../protocol/encounter-record.ts";

/** What the search needs of one entry of a log. */
export interface IndexedEntry {
  /** RPI, of which the first 7 bytes count. */
  readonly rpi: Uint8Array;
  /** First interval for which the RPI may have been made. */
  readonly first: number;
  /** Last such interval. */
  readonly last: number;
}

/** See the module's description; all columns are in the order of the RPIs. */
export interface LogIndex {
  /** Bytes 0 to 3 of each RPI, big-endian. */
  readonly head: Uint32Array;
  /** Bytes 4 to 6, big-endian. */
  readonly tail: Uint32Array;
  /** First interval of each. */
  readonly first: Uint32Array;
  /** Last interval of each. */
  readonly last: Uint32Array;
  /** All intervals that any entry is near, as disjoint spans in order: first interval, last interval, and so on. */
  readonly spans: Uint32Array;
}

/** Makes the index of a log. */
export function indexLog(entries: readonly IndexedEntry[]): LogIndex {
  const rows = entries.map(({ rpi, first, last }) => ({
    head: readBytes(rpi, 0, 4),
    tail: readBytes(rpi, 4, PREFIX_BYTES),
    first: Math.max(0, first),
    last: Math.max(0, last),
  }));
  rows.sort((a, b) => a.head - b.head || a.tail - b.tail || a.first - b.first);
  return {
    head: Uint32Array.from(rows, ({ head }) => head),
    tail: Uint32Array.from(rows, ({ tail }) => tail),
    first: Uint32Array.from(rows, ({ first }) => first),
    last: Uint32Array.from(rows, ({ last }) => last),
    spans: spansOf(rows),
  };
}

/** The big-endian number in bytes `from`..`end` - 1, at most four of them. */
export function readBytes(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  for (let at = from; at < end; at++) value = value * 256 + (bytes[at] as number);
  return value;
}

/** The intervals from `from` to `end` - 1 that an entry is near, in order. */
export function openIntervals({ spans }: LogIndex, from: number, end: number): number[] {
  const open: number[] = [];
  for (let at = 0; at < spans.length; at += 2) {
    const last = Math.min(spans[at + 1] as number, end - 1);
    for (let i = Math.max(spans[at] as number, from); i <= last; i++) open.push(i);
  }
  return open;
}

function spansOf(rows: readonly { first: number; last: number }[]): Uint32Array {
  const spans: number[] = [];
  for (const { first, last } of [...rows].sort((a, b) => a.first - b.first)) {
    const end = spans.at(-1) ?? -1;
    if (spans.length > 0 && first <= end + 1) spans[spans.length - 1] = Math.max(end, last);
    else spans.push(first, last);
  }
  return Uint32Array.from(spans);
}
