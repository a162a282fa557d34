/**
 * The token's idea of the time, and the rule that no interval is ever used twice.
 *
 * The wall clock is lost with the battery. The token then goes on one interval after the last one
 * that it wrote to flash, in a new clock epoch, until a desk sets the clock.
 *
 * @module
 */
import {
  INTERVALS_PER_DAY,
  intervalAt,
  intervalStart,
  SECONDS_PER_INTERVAL,
} from "../protocol/intervals.ts";
import { CLOCK_REFUSED, FLASH_FAILED } from "../protocol/messages.ts";
import type { Board } from "./board.ts";
import { DOUBTFUL, EPOCH, EXPOSURE, LAST_INTERVAL, type StateStore } from "./state-store.ts";

/** A running clock goes back by at most 2 hours, which is how far a match may be off. */
const MOST_BACK = 7200;
const DAY = INTERVALS_PER_DAY * SECONDS_PER_INTERVAL;
/** And ahead by at most a day: drift makes minutes, and a desk with a wrong date would age out the log. */
const MOST_AHEAD = DAY;
/** A clock that was lost goes ahead by less than a year, the time that a token may lie in a drawer. */
const MOST_AHEAD_IN_DOUBT = 365 * DAY;
/** 2020-01-01: no exposure notification before. */
const EARLIEST = 1577836800;

/** See the module's description. */
export interface Clock {
  /** The present interval. */
  interval(): number;
  /** The last interval used; 0 when no desk has ever set the clock. */
  lastUsed(): number;
  /** Marks `interval` as used, in flash; false when it was used before or flash failed. */
  use(interval: number): boolean;
  /** Sets the clock to Unix seconds; returns 0 or the reason for refusing. */
  set(unixSeconds: number): number;
}

/** Opens the clock: guesses the time if it was lost. */
export function openClock(board: Board, store: StateStore): Clock {
  function lastUsed(): number {
    return store.get32(LAST_INTERVAL);
  }

  function interval(): number {
    return intervalAt(board.now());
  }

  function nextEpoch(doubtful: number): boolean {
    const epoch = (store.image[EPOCH] + 1) & 255;
    return store.put(EPOCH, new Uint8Array([epoch, doubtful]));
  }

  function isAcceptable(unixSeconds: number): boolean {
    if (unixSeconds < EARLIEST) return false;
    if (!lastUsed()) return true;
    const change = unixSeconds - board.now();
    // What was guessed may be corrected either way; no interval is used twice all the same.
    if (store.image[DOUBTFUL]) return change < MOST_AHEAD_IN_DOUBT;
    return change >= -MOST_BACK && change <= MOST_AHEAD;
  }

  if (lastUsed() && interval() < lastUsed()) {
    nextEpoch(1);
    board.setNow(intervalStart(lastUsed() + 1));
  }

  return {
    interval: interval,
    lastUsed: lastUsed,
    use: (used) => used > lastUsed() && store.put32(LAST_INTERVAL, used),
    set: (unixSeconds) => {
      if (!isAcceptable(unixSeconds)) return CLOCK_REFUSED;
      const change = unixSeconds - board.now();
      if (!lastUsed()) {
        // The rest of the state before the keys is written with it, so that it changes at once.
        const first = new Uint8Array(store.image.subarray(0, EXPOSURE));
        const before = intervalAt(unixSeconds) - 1;
        first.set([before, before >>> 8, before >>> 16, before >>> 24]);
        first[EPOCH]++;
        if (!store.put(0, first)) return FLASH_FAILED;
      } else if (Math.abs(change) >= SECONDS_PER_INTERVAL || store.image[DOUBTFUL]) {
        // Records of both sides of a jump must not be taken for one time line.
        if (!nextEpoch(0)) return FLASH_FAILED;
      }
      board.setNow(unixSeconds);
      return 0;
    },
  };
}
