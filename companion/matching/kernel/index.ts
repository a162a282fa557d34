/**
 * The matching kernel: for 128 published keys at a time it finds the intervals in which the first bits of a key's RPI are
 * among those of a log. Compiled to WebAssembly; `kernel-finder.ts` drives it.
 *
 * @module
 */
import { encryptPrefix, expandKeys, openBlocks } from "./aes";
import { deriveFour, prepareConstants } from "./hkdf";
import { CANDIDATES, INTERVALS, KEYS, LANES, NEAR, ROUND_KEYS, RPIKS, VECTOR } from "./layout";
import { transpose } from "./transpose";

/** Addresses for the caller. */
export const keysAt: usize = KEYS;
export const rpiksAt: usize = RPIKS;
export const intervalsAt: usize = INTERVALS;
export const nearAt: usize = NEAR;
export const candidatesAt: usize = CANDIDATES;

/** The bits of the result, and then its first words, one for each key. */
const PREFIXES: usize = memory.data(32 * 16, 16);

prepareConstants();

/** Derives the RPIKs of the 128 keys and what AES needs of them. */
export function setKeys(): void {
  for (let first: usize = 0; first < <usize>LANES; first += 4) {
    deriveFour(first, ROUND_KEYS + (first / 4) * VECTOR, 32 * VECTOR);
  }
  for (let word: usize = 0; word < 4; word++) transpose(ROUND_KEYS + word * 32 * VECTOR);
  expandKeys();
}

/**
 * Derives the intervals `upper` * 256 plus each of the first `count` low bytes.
 *
 * @returns how many candidates there are: number of the key (byte 0), low byte of the interval (byte 1), and first 24 bits of
 *   the RPI (bytes 4 to 7, as the upper bits of a little-endian word)
 */
export function scan(upper: u32, count: usize): usize {
  openBlocks(upper);
  let to = CANDIDATES;
  for (let i: usize = 0; i < count; i++) {
    const low = <u32>load<u8>(INTERVALS + i);
    encryptPrefix(low, PREFIXES);
    memory.fill(PREFIXES + 24 * VECTOR, 0, 8 * VECTOR);
    transpose(PREFIXES);
    for (let at: usize = 0; at < <usize>LANES * 4; at += 8 * 4) {
      // Eight at a time, since there is seldom one.
      const from = PREFIXES + at;
      const any =
        isNear(load<u32>(from, 0)) |
        isNear(load<u32>(from, 4)) |
        isNear(load<u32>(from, 8)) |
        isNear(load<u32>(from, 12)) |
        isNear(load<u32>(from, 16)) |
        isNear(load<u32>(from, 20)) |
        isNear(load<u32>(from, 24)) |
        isNear(load<u32>(from, 28));
      if (any) {
        for (let each: usize = 0; each < 32; each += 4) {
          const prefix = load<u32>(from + each);
          if (isNear(prefix)) {
            store<u32>(to, (<u32>(at + each) >> 2) | (low << 8));
            store<u32>(to + 4, prefix);
            to += 8;
          }
        }
      }
    }
  }
  return (to - CANDIDATES) / 8;
}

// @ts-ignore: decorator
@inline
function isNear(prefix: u32): u32 {
  return load<u8>(NEAR + <usize>(prefix >> 14));
}
