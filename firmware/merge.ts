/**
 * Makes one page of the log out of two: records of one RPI within 20 minutes and of about the same signal
 * strength become one, which keeps their minutes, mean and best signal strength; if that is not enough, those
 * with the least risk (far, short, old) are left out. Risk is minutes times nearness, as in the models that desks
 * use: from a strength on, near is near.
 *
 * The pages are read twice: once to see how many records there are of each risk, once to copy those
 * above a limit. A page is too large for the token's memory, so records pass through a window that holds the
 * RPIs of as many neighbours as the token can hear at a time.
 *
 * @module
 */
import * as board from "#board";
import {
  isWhole,
  MARK_SPAN,
  packMark,
  RECORD_BYTES,
  sealWord,
} from "../protocol/encounter-record.ts";
import { RETENTION_INTERVALS } from "../protocol/intervals.ts";
import { oldestOf } from "./clock.ts";
import { DROPPED, readWords, SLOTS } from "./encounter-log.ts";

/** A power of two, and not less than the neighbours that are committed at once. */
const WINDOW = 64;
/** Divides the slots of a page. */
const READ_SLOTS = 11;
const MOST_MINUTES = 31;
/** An RPI lives for 20 minutes at most. */
const RPI_INTERVALS = 2;
/**
 * By how many dB the best of a record may lie above the mean: no more can be written. Minutes that differ by more are not
 * joined, because all of a record's minutes count as near as the nearest of them.
 */
const MOST_APART = 14;
/** The bits of an interval in a stamp, enough until the year 2288. */
const INTERVAL_BITS = 0xffffff;
const EPOCH_SHIFT = 24;
/** Slots used, once flash has failed: stays below 0 whatever is counted after it. */
const FAILED = -4096;
/** What a risk may be, and one more. */
const RISK_STEPS = 24;
/** In a record, mean RSSI is counted from -100 dBm: with no more than this, a minute counts least. */
const FAR = 20;
/** With so many dB more, it counts as much as any. */
const NEAR_SPAN = 12;

/** Below this risk the last merge left everything out; 0 when it left out nothing. */
export let leastRisk = 0;

/** The risk of so many minutes with a mean RSSI, counted from -100 dBm: 0 to 23 for a record's, which has 31 minutes at most. */
export function riskOf(minutes: number, mean: number): number {
  return (minutes * Math.max(1, Math.min(NEAR_SPAN, mean - FAR))) >> 4;
}

/**
 * Merges pages `older` and `newer` into the blank page `target`, which is not made valid.
 *
 * @param label - goes into the target's first time mark, with {@link DROPPED} if anything is left out
 * @param interval - the present
 * @returns how many slots of the target are used; none or less when flash failed
 */
export function mergePages(
  older: number,
  newer: number,
  target: number,
  label: number,
  interval: number,
): number {
  // First and second word of the records in the window, their third word's data, and their stamps: the interval, and
  // the clock epoch above it.
  const first = new Uint32Array(WINDOW);
  const second = new Uint32Array(WINDOW);
  const data = new Uint32Array(WINDOW);
  const stamps = new Uint32Array(WINDOW);
  const risks = new Uint16Array(RISK_STEPS);
  let copying = false;
  let limit = 0;
  let skip = 0;
  let ties = 0;
  let next = 0;
  let used = 0;
  let marks = 0;
  let mark = 0;

  function put(record: Uint8Array): void {
    // Written out: this is as deep as the token's stack goes.
    if (copying && used >= 0 && !board.writeFlash(target, 4 + used * RECORD_BYTES, record)) {
      used = FAILED;
    }
    used++;
  }

  function flush(at: number): void {
    const word = data[at];
    if (!word) return;
    data[at] = 0;
    const stamp = stamps[at];
    let risk = riskOf((word >> 13) & 31, (word >> 18) & 63);
    if ((stamp & INTERVAL_BITS) + RETENTION_INTERVALS / 2 < interval) risk >>= 1;
    if (copying) {
      // There is room for all others as long as leaving records out takes no more time marks; but behind the last slot
      // another page begins.
      if (risk < limit || used > SLOTS - 2) return;
      if (risk === limit) {
        // Of `ties` that are still to come, `skip` are left out, whichever: so no time loses all of its records.
        if ((board.random32() >>> 0) % ties-- < skip) {
          skip--;
          return;
        }
      }
    }
    // Of another epoch, a stamp is far away.
    if (stamp < mark || stamp >= mark + MARK_SPAN) {
      mark = stamp;
      marks++;
      put(packMark(stamp & INTERVAL_BITS, stamp >>> EPOCH_SHIFT, label));
    }
    risks[risk]++;
    put(
      new Uint8Array(
        new Uint32Array([first[at], second[at], sealWord(word | ((stamp - mark) << 8))]).buffer,
      ),
    );
  }

  function pass(): void {
    let pageMark = 0;
    let oldest = 0;
    for (let from = 0; from < 2 * SLOTS; from += READ_SLOTS) {
      const words = readWords(from < SLOTS ? older : newer, from % SLOTS, READ_SLOTS);
      for (let i = 0; i < 3 * READ_SLOTS; i += 3) {
        const word = words[i + 2];
        const minutes = (word >> 13) & 31;
        if (word === 0xffffffff || ((copying || !minutes) && !isWhole(word))) continue;
        const stamp = pageMark + ((word >> 8) & 31);
        if (!minutes) {
          const epoch = words[i + 1] & 255;
          // No sum of shifts, which would come out negative.
          pageMark = words[i] + epoch * (INTERVAL_BITS + 1);
          oldest = oldestOf(epoch, interval);
        } else if ((stamp & INTERVAL_BITS) >= oldest) {
          const at = first.indexOf(words[i]);
          const former = at < 0 ? 0 : data[at];
          const before = (former >> 13) & 31;
          const sum = before + minutes;
          const formerMean = (former >> 18) & 63;
          const itsMean = (word >> 18) & 63;
          const best = Math.max(
            formerMean + 2 * ((former >> 24) & 7),
            itsMean + 2 * ((word >> 24) & 7),
          );
          if (
            former &&
            // An RPI that is heard again later is a replay, which a desk must still be able to tell.
            Math.abs(stamp - stamps[at]) <= RPI_INTERVALS &&
            second[at] === words[i + 1] &&
            !((former ^ word) & 255) &&
            best - Math.min(formerMean, itsMean) <= MOST_APART &&
            sum <= MOST_MINUTES
          ) {
            const mean = Math.round((formerMean * before + itsMean * minutes) / sum);
            data[at] = (word & 255) | (sum << 13) | (mean << 18) | (((best - mean) >> 1) << 24);
          } else {
            flush(next);
            first[next] = words[i];
            second[next] = words[i + 1];
            data[next] = word & 0x7ffe0ff;
            stamps[next] = stamp;
            next = (next + 1) % WINDOW;
          }
        }
      }
    }
    for (let i = 0; i < WINDOW; i++) flush((next + i) % WINDOW);
  }

  pass();
  // From the highest risk down, until the page is full; of the last step some are left out.
  skip = marks + 1 - SLOTS;
  for (limit = RISK_STEPS - 1; limit && skip + risks[limit] < 0; limit--) skip += risks[limit];
  ties = risks[limit];
  skip += ties;
  leastRisk = 0;
  if (used >= SLOTS) {
    label |= DROPPED;
    leastRisk = limit;
  }
  copying = true;
  used = mark = next = 0;
  pass();
  if (used === 0) put(packMark(interval, 0, label));
  return used;
}
