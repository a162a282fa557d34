/**
 * Finds keys with the kernel (`kernel/index.ts`), which derives the first bits of the RPIs of 128 keys at a time and looks them
 * up in a table of the log's. What it lets through, about one in a hundred RPIs for a large log, is checked here.
 *
 * @module
 */
import { createCipheriv } from "node:crypto";
import { INTERVALS_PER_DAY } from "../../protocol/intervals.ts";
import { paddedData } from "../../protocol/key-schedule.ts";
import { startKernel } from "./kernel.ts";
import { inOrder, type KeyFinder, type KeyTimes, orderByStart, wordsOf } from "./key-finder.ts";
import { type LogIndex, openIntervals } from "./log-index.ts";

const LANES = 128;
/** How many bits of an RPI the kernel looks up. */
const NEAR_BITS = 18;
const NEAR_SHIFT = 32 - NEAR_BITS;
/** How many bits of an RPI it gives back. */
const PREFIX_SHIFT = 32 - 24;
/** Bytes of a key. */
const KEY_BYTES = 16;
const CANDIDATE_BYTES = 8;

/** Finds keys in this thread. */
export class KernelFinder implements KeyFinder {
  readonly #index: LogIndex;
  readonly #kernel = startKernel();
  readonly #keys: Uint32Array;
  readonly #rpiks: DataView;
  readonly #intervals: Uint8Array;
  readonly #near: Uint8Array;
  readonly #candidates: DataView;
  /** Number of the first entry with each value of the first bits of its RPI. */
  readonly #buckets = new Uint32Array((1 << NEAR_BITS) + 1);
  /** What #near was filled for. */
  #nearFrom = 0;
  #nearEnd = 0;
  readonly #block = Buffer.from(paddedData());

  constructor(index: LogIndex) {
    this.#index = index;
    const { memory, keysAt, rpiksAt, intervalsAt, nearAt, candidatesAt } = this.#kernel;
    const { buffer } = memory;
    this.#keys = new Uint32Array(buffer, keysAt.value, LANES * 4);
    this.#rpiks = new DataView(buffer, rpiksAt.value, LANES * KEY_BYTES);
    this.#intervals = new Uint8Array(buffer, intervalsAt.value, 256);
    this.#near = new Uint8Array(buffer, nearAt.value, 1 << NEAR_BITS);
    this.#candidates = new DataView(buffer, candidatesAt.value, 256 * LANES * CANDIDATE_BYTES);
    for (const head of index.head) this.#buckets[(head >>> NEAR_SHIFT) + 1]!++;
    for (let i = 0; i < 1 << NEAR_BITS; i++) this.#buckets[i + 1]! += this.#buckets[i]!;
  }

  /** See {@link KeyFinder.find}. */
  async find(keys: KeyTimes): Promise<Uint32Array> {
    return inOrder(this.findAmong(keys, orderByStart(keys)));
  }

  /**
   * The same for some keys only.
   *
   * @param order - their numbers, in the order of their first intervals
   * @returns pairs in no particular order
   */
  findAmong(keys: KeyTimes, order: Uint32Array): number[] {
    const found: number[] = [];
    const words = wordsOf(keys.keyData);
    let from = 0;
    while (from < order.length) {
      const end = this.#endOfBatch(keys, order, from);
      this.#findBatch(keys, words, order.subarray(from, end), found);
      from = end;
    }
    return found;
  }

  /** There are no threads. */
  async close(): Promise<void> {}

  // Keys of one UTC day, so that they have most of their intervals in common.
  #endOfBatch({ rollingStart }: KeyTimes, order: Uint32Array, from: number): number {
    const day = Math.floor(rollingStart[order[from]!]! / INTERVALS_PER_DAY);
    const next = (day + 1) * INTERVALS_PER_DAY;
    let end = Math.min(from + LANES, order.length);
    while (rollingStart[order[end - 1]!]! >= next) end--;
    return end;
  }

  #findBatch(keys: KeyTimes, words: Uint32Array, batch: Uint32Array, found: number[]): void {
    const start = keys.rollingStart[batch[0]!]!;
    let end = start;
    for (const key of batch)
      end = Math.max(end, keys.rollingStart[key]! + keys.rollingPeriod[key]!);
    const open = openIntervals(this.#index, start, end);
    if (open.length === 0) return;
    this.#fillNear(start, end);
    batch.forEach((key, lane) => {
      for (let i = 0; i < 4; i++) this.#keys[lane * 4 + i] = words[key * 4 + i]!;
    });
    this.#kernel.setKeys();
    for (let i = 0; i < open.length; ) {
      const upper = open[i]! >>> 8;
      let count = 0;
      for (; i < open.length && open[i]! >>> 8 === upper; i++) {
        this.#intervals[count++] = open[i]!;
      }
      this.#check(keys, batch, upper, this.#kernel.scan(upper, count), found);
    }
  }

  // A table that holds the log's entries near `start`..`end` - 1.
  #fillNear(start: number, end: number): void {
    if (start === this.#nearFrom && end === this.#nearEnd) return;
    const { head, first, last } = this.#index;
    this.#near.fill(0);
    for (let entry = 0; entry < head.length; entry++) {
      if (first[entry]! < end && last[entry]! >= start) {
        this.#near[head[entry]! >>> NEAR_SHIFT] = 1;
      }
    }
    this.#nearFrom = start;
    this.#nearEnd = end;
  }

  #check(keys: KeyTimes, batch: Uint32Array, upper: number, count: number, found: number[]): void {
    for (let at = 0; at < count * CANDIDATE_BYTES; at += CANDIDATE_BYTES) {
      const lane = this.#candidates.getUint8(at);
      const key = batch[lane];
      // Lanes behind the batch hold keys of an earlier one.
      if (key === undefined) continue;
      const interval = upper * 256 + this.#candidates.getUint8(at + 1);
      const start = keys.rollingStart[key]!;
      if (interval < start || interval >= start + keys.rollingPeriod[key]!) continue;
      const prefix = this.#candidates.getUint32(at + 4, true);
      if (this.#has(lane, prefix, interval)) found.push(key, interval);
    }
  }

  // Whether an entry has this RPI, of which the kernel has computed 24 bits.
  #has(lane: number, prefix: number, interval: number): boolean {
    const { head, tail, first, last } = this.#index;
    const bucket = prefix >>> NEAR_SHIFT;
    let rpi: Buffer | undefined;
    for (let entry = this.#buckets[bucket]!; entry < this.#buckets[bucket + 1]!; entry++) {
      if (head[entry]! >>> PREFIX_SHIFT !== prefix >>> PREFIX_SHIFT) continue;
      if (interval < first[entry]! || interval > last[entry]!) continue;
      rpi ??= this.#rpi(lane, interval);
      if (rpi.readUInt32BE(0) === head[entry] && rpi.readUIntBE(4, 3) === tail[entry]) return true;
    }
    return false;
  }

  #rpi(lane: number, interval: number): Buffer {
    const rpik = Buffer.alloc(KEY_BYTES);
    for (let i = 0; i < KEY_BYTES; i += 4) {
      rpik.writeUInt32BE(this.#rpiks.getUint32(lane * KEY_BYTES + i, true), i);
    }
    this.#block.writeUInt32LE(interval, 12);
    return createCipheriv("aes-128-ecb", rpik, null).setAutoPadding(false).update(this.#block);
  }
}
