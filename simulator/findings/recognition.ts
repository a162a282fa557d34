/**
 * Which contacts are recognised, see {@link ./judge.ts} for what counts as found and as right.
 *
 * @module
 */
import { estimate, estimateShare, type Ratio } from "./estimate.ts";
import type { Findings, Recognition } from "./findings.ts";
import {
  type JudgedConclusion,
  type JudgedContact,
  judgeConclusions,
  judgeContacts,
  type SeedRecord,
} from "./judge.ts";

/** Thresholds that are looked at besides the one in use, in dB. */
const LOWEST_THRESHOLD = 45;
const HIGHEST_THRESHOLD = 85;
/** The least duration for which they are looked at, in minutes. */
const SWEPT_MINUTES = 10;

/**
 * Recognition of contacts of at least so many minutes. A strict share counts what is found, or right, and was concluded, or true, for at
 * least that many minutes besides. Seeds without such contacts do not enter a share; without any it is 0.
 *
 * @param judged - for each seed
 */
export function recognise(
  seeds: readonly SeedRecord[],
  judged: readonly (readonly JudgedContact[])[],
  decibels: number,
  atLeastMinutes: number,
): Recognition {
  const contacts = judged.map((each) => each.filter((one) => one.trueMinutes >= atLeastMinutes));
  const conclusions = seeds.map((seed) => judgeConclusions(seed, decibels, atLeastMinutes));
  return {
    atLeastMinutes,
    contacts: estimate(contacts.map(({ length }) => length)).mean,
    recall: estimateShare(contacts.map((each) => found(each))),
    precision: estimateShare(conclusions.map((each) => right(each))),
    strictRecall: estimateShare(contacts.map((each) => found(each, atLeastMinutes))),
    strictPrecision: estimateShare(conclusions.map((each) => right(each, atLeastMinutes))),
  };
}

/**
 * Recall and precision of contacts of 10 minutes or more, of all seeds together, at thresholds from 45 to 85 dB. Thresholds at which nothing is
 * concluded that has a precision are left out, and all of them when there was no contact to recall.
 */
export function sweepThresholds(seeds: readonly SeedRecord[]): Findings["thresholds"] {
  const points: { decibels: number; recall: number; precision: number }[] = [];
  for (let decibels = LOWEST_THRESHOLD; decibels <= HIGHEST_THRESHOLD; decibels++) {
    const contacts = seeds
      .flatMap((seed) => judgeContacts(seed, decibels))
      .filter(({ trueMinutes }) => trueMinutes >= SWEPT_MINUTES);
    const recalled = found(contacts);
    const precise = right(seeds.flatMap((seed) => judgeConclusions(seed, decibels, SWEPT_MINUTES)));
    if (recalled.whole === 0 || precise.whole === 0) continue;
    points.push({
      decibels,
      recall: recalled.part / recalled.whole,
      precision: precise.part / precise.whole,
    });
  }
  return points;
}

function found(contacts: readonly JudgedContact[], leastMinutes = 0): Ratio {
  const counted = contacts.filter(
    ({ isFound, concludedMinutes }) => isFound && concludedMinutes >= leastMinutes,
  );
  return { part: counted.length, whole: contacts.length };
}

function right(conclusions: readonly JudgedConclusion[], leastMinutes = 0): Ratio {
  const counted = conclusions.filter(
    ({ isRight, trueMinutes }) => isRight && trueMinutes >= leastMinutes,
  );
  return { part: counted.length, whole: conclusions.length };
}
