/**
 * How the shares of a seed, which run in threads of their own and some ahead of others, come to an early end at the same hour: no
 * share begins an hour that none had begun before the end was called for, and each lives through all that another had begun.
 *
 * @module
 */

/** Set once the end was called for; what is above it counts hours. */
const ENDING = 1;
const HOUR = 2;

/** One word of shared memory for each seed. */
export type CommonEnds = Int32Array;

/** Makes the words for so many seeds. */
export function createEnds(seeds: number): CommonEnds {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * seeds));
}

/** Calls for the end of all seeds. */
export function callEnd(ends: CommonEnds): void {
  for (let seed = 0; seed < ends.length; seed++) Atomics.or(ends, seed, ENDING);
}

/** Whether a share that has lived through `hours` goes on with the next one. */
export function goesOn(ends: CommonEnds, seed: number, hours: number): boolean {
  for (;;) {
    const word = Atomics.load(ends, seed);
    if (hours < word >> 1) return true;
    if (word & ENDING) return false;
    if (Atomics.compareExchange(ends, seed, word, (hours + 1) * HOUR) === word) return true;
  }
}
