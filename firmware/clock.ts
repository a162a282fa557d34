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
import { DOUBTFUL, EPOCH, LAST_INTERVAL, type StateStore } from "./state-store.ts";

/** A clock that was set once goes back by at most 2 hours, which is how far a match may be off. */
const MOST_BACK = 7200;
/** And forward by less than a year, the time that a token may lie in a drawer. */
const MOST_AHEAD = 365 * INTERVALS_PER_DAY * SECONDS_PER_INTERVAL;
/** 2020-01-01: no exposure notification before. */
const EARLIEST = 1577836800;

/** See the module's description. */
export interface Clock {
  /** Whether a desk has ever set it. */
  isSet(): boolean;
  /** The present interval. */
  interval(): number;
  /** The last interval used. */
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

  if (lastUsed() && interval() < lastUsed()) {
    nextEpoch(1);
    board.setNow(intervalStart(lastUsed() + 1));
  }

  return {
    isSet: () => lastUsed() > 0,
    interval: interval,
    lastUsed: lastUsed,
    use: (used) => used > lastUsed() && store.put32(LAST_INTERVAL, used),
    set: (unixSeconds) => {
      const change = unixSeconds - board.now();
      if (lastUsed()) {
        if (change < -MOST_BACK || change >= MOST_AHEAD) return CLOCK_REFUSED;
      } else {
        if (unixSeconds < EARLIEST) return CLOCK_REFUSED;
        if (!store.put32(LAST_INTERVAL, intervalAt(unixSeconds) - 1)) return FLASH_FAILED;
      }
      // Records of both sides of a jump must not be taken for one time line.
      const jump = Math.abs(change) >= SECONDS_PER_INTERVAL || store.image[DOUBTFUL];
      if (jump && !nextEpoch(0)) return FLASH_FAILED;
      board.setNow(unixSeconds);
      return 0;
    },
  };
}
