/**
 * Finding out which published keys a log has RPIs of, and in which intervals: what takes the time of a check. Who finds is
 * exchangeable: the kernel, a plain implementation that the kernel is tested against, or several threads.
 *
 * @module
 */
import type { PublishedKeys } from "../exports/published-keys.ts";

/** The columns of published keys that decide what is found. */
export type KeyTimes = Pick<PublishedKeys, "length" | "keyData" | "rollingStart" | "rollingPeriod">;

/** Finds keys of which a log has RPIs; see {@link KeyFinder.find}. */
export interface KeyFinder {
  /**
   * Finds all pairs of a key and an interval of its rolling period for which the log has an entry with the same first 7 bytes
   * of the RPI, which may have been made in that interval.
   *
   * @returns number of the key, interval, and so on; in the order of keys, and of intervals within a key
   */
  find(keys: KeyTimes): Promise<Uint32Array>;
  /** Lets go of threads; nothing can be found afterwards. */
  close(): Promise<void>;
}

const DIGIT_BITS = 11;
const DIGITS = 3;

/**
 * The keys' numbers in the order of their first intervals, and where there are equal ones, of their numbers: sorted digit by digit, since this is
 * done for every key of a country.
 */
export function orderByStart({ length, rollingStart }: KeyTimes): Uint32Array {
  let order = new Uint32Array(length);
  let sorted = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  for (let digit = 0; digit < DIGITS; digit++) {
    const shift = digit * DIGIT_BITS;
    const mask = (1 << DIGIT_BITS) - 1;
    const places = new Uint32Array((1 << DIGIT_BITS) + 1);
    for (let i = 0; i < length; i++) places[((rollingStart[i]! >>> shift) & mask) + 1]!++;
    for (let i = 0; i < 1 << DIGIT_BITS; i++) places[i + 1]! += places[i]!;
    for (let i = 0; i < length; i++) {
      const key = order[i]!;
      sorted[places[(rollingStart[key]! >>> shift) & mask]!++] = key;
    }
    [order, sorted] = [sorted, order];
  }
  return order;
}

/** The bytes of keys as words of four, copied only if they are not aligned. */
export function wordsOf(keyData: Uint8Array): Uint32Array {
  const aligned = keyData.byteOffset % 4 === 0 ? keyData : keyData.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** Puts pairs of key number and interval into the order that {@link KeyFinder.find} promises. */
export function inOrder(pairs: readonly number[]): Uint32Array {
  const indexes = Array.from({ length: pairs.length / 2 }, (_, i) => 2 * i);
  const at = (index: number): number => pairs[index] as number;
  indexes.sort((a, b) => at(a) - at(b) || at(a + 1) - at(b + 1));
  return Uint32Array.from(indexes.flatMap((index) => [at(index), at(index + 1)]));
}
