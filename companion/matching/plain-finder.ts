/**
 * Finds keys with Node's cryptography and a Map, one key after the other: some fifteen times slower than the kernel, which is
 * tested against it.
 *
 * @module
 */
import { createCipheriv, hkdfSync } from "node:crypto";
import { PREFIX_BYTES } from "../../protocol/encounter-record.ts";
import { paddedData, RPIK_INFO } from "../../protocol/key-schedule.ts";
import type { KeyFinder, KeyTimes } from "./key-finder.ts";
import { type LogIndex, openIntervals, readBytes } from "./log-index.ts";

const KEY_BYTES = 16;
const NO_SALT = new Uint8Array(0);

/** Finds keys in this thread; see the module's description. */
export class PlainFinder implements KeyFinder {
  readonly #index: LogIndex;
  /** Numbers of the entries, by the first bytes of the RPI. */
  readonly #entries = new Map<string, number[]>();

  constructor(index: LogIndex) {
    this.#index = index;
    index.head.forEach((head, entry) => {
      const name = nameOf(head, index.tail[entry] as number);
      this.#entries.set(name, [...(this.#entries.get(name) ?? []), entry]);
    });
  }

  /** See {@link KeyFinder.find}. */
  async find(keys: KeyTimes): Promise<Uint32Array> {
    const found: number[] = [];
    for (let key = 0; key < keys.length; key++) {
      const start = keys.rollingStart[key] as number;
      const end = start + (keys.rollingPeriod[key] as number);
      const open = openIntervals(this.#index, start, end);
      if (open.length === 0) continue;
      const rpis = deriveRpis(keys.keyData.subarray(key * KEY_BYTES, (key + 1) * KEY_BYTES), open);
      open.forEach((interval, i) => {
        if (this.#has(rpis.subarray(i * KEY_BYTES), interval)) found.push(key, interval);
      });
    }
    return Uint32Array.from(found);
  }

  #has(rpi: Uint8Array, interval: number): boolean {
    const { first, last } = this.#index;
    const entries = this.#entries.get(
      nameOf(readBytes(rpi, 0, 4), readBytes(rpi, 4, PREFIX_BYTES)),
    );
    return (entries ?? []).some(
      (entry) => interval >= (first[entry] as number) && interval <= (last[entry] as number),
    );
  }

  /** There are no threads. */
  async close(): Promise<void> {}
}

function deriveRpis(tek: Uint8Array, intervals: readonly number[]): Uint8Array {
  const rpik = new Uint8Array(hkdfSync("sha256", tek, NO_SALT, RPIK_INFO, KEY_BYTES));
  const blocks = Buffer.concat(intervals.map(() => paddedData()));
  intervals.forEach((interval, i) => {
    blocks.writeUInt32LE(interval, i * KEY_BYTES + 12);
  });
  return createCipheriv("aes-128-ecb", rpik, null).setAutoPadding(false).update(blocks);
}

function nameOf(head: number, tail: number): string {
  return `${head} ${tail}`;
}
