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

/** The keys' numbers in the order of their first intervals, and where there are equal ones, of their numbers. */
export function orderByStart({ length, rollingStart }: KeyTimes): Uint32Array {
  const counts = new Map<number, number>();
  for (let i = 0; i < length; i++) {
    const start = rollingStart[i] as number;
    counts.set(start, (counts.get(start) ?? 0) + 1);
  }
  const places = new Map<number, number>();
  let place = 0;
  for (const start of [...counts.keys()].sort((a, b) => a - b)) {
    places.set(start, place);
    place += counts.get(start) as number;
  }
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const start = rollingStart[i] as number;
    const at = places.get(start) as number;
    order[at] = i;
    places.set(start, at + 1);
  }
  return order;
}

/** Puts pairs of key number and interval into the order that {@link KeyFinder.find} promises. */
export function inOrder(pairs: readonly number[]): Uint32Array {
  const indexes = Array.from({ length: pairs.length / 2 }, (_, i) => 2 * i);
  const at = (index: number): number => pairs[index] as number;
  indexes.sort((a, b) => at(a) - at(b) || at(a + 1) - at(b + 1));
  return Uint32Array.from(indexes.flatMap((index) => [at(index), at(index + 1)]));
}
