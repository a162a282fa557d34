import { randomInt } from "node:crypto";
import { type PublishedKeys, PublishedKeysBuilder } from "./published-keys.ts";

const KEY_BYTES = 16;
const KEY_WORDS = KEY_BYTES / 4;

/**
 * Leaves out keys that come again with another start or period: the first one counts
 * (google/exposure-notifications-internals). Keys that come again with the same are kept, because a later report
 * takes the place of an earlier one.
 */
export function withoutContradictions(keys: PublishedKeys): PublishedKeys {
  const contradictory = contradictions(keys);
  if (contradictory.size === 0) return keys;
  const builder = new PublishedKeysBuilder();
  for (let index = 0; index < keys.length; index++) {
    if (contradictory.has(index)) continue;
    builder.addFields(
      keys.keyData,
      index * KEY_BYTES,
      keys.rollingStart[index] as number,
      keys.rollingPeriod[index] as number,
      keys.transmissionRiskLevel[index] as number,
      keys.reportType[index] as number,
      keys.daysSinceOnset[index] as number,
    );
  }
  return builder.finish();
}

function contradictions(keys: PublishedKeys): Set<number> {
  const found = new Set<number>();
  const words = new Uint32Array(
    keys.keyData.buffer,
    keys.keyData.byteOffset,
    keys.length * KEY_WORDS,
  );
  // A hash table with open addressing, at most half full; 0 is an empty place.
  const bits = 1 + Math.max(1, Math.ceil(Math.log2(keys.length + 1)));
  const table = new Int32Array(2 ** bits);
  // Random, so that nobody can write keys that all want one place.
  const factors = Array.from({ length: KEY_WORDS }, () => randomInt(2 ** 31) * 2 + 1);
  const [f0, f1, f2, f3] = factors as [number, number, number, number];
  for (let index = 0; index < keys.length; index++) {
    const at = index * KEY_WORDS;
    const w0 = words[at] as number;
    const w1 = words[at + 1] as number;
    const w2 = words[at + 2] as number;
    const w3 = words[at + 3] as number;
    const hash = Math.imul(w0, f0) + Math.imul(w1, f1) + Math.imul(w2, f2) + Math.imul(w3, f3);
    let place = (hash | 0) >>> (32 - bits);
    for (;;) {
      const first = (table[place] as number) - 1;
      if (first < 0) {
        table[place] = index + 1;
        break;
      }
      const other = first * KEY_WORDS;
      if (
        words[other] === w0 &&
        words[other + 1] === w1 &&
        words[other + 2] === w2 &&
        words[other + 3] === w3
      ) {
        if (
          keys.rollingStart[first] !== keys.rollingStart[index] ||
          keys.rollingPeriod[first] !== keys.rollingPeriod[index]
        ) {
          found.add(index);
        }
        break;
      }
      place = (place + 1) & (table.length - 1);
    }
  }
  return found;
}
