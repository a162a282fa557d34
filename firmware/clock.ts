/**
 * The token's idea of the time, and the rule that no interval is ever used twice.
 *
 * The wall clock is lost with the battery. The token then goes on one interval after the last one
 * that it wrote to flash, in a new clock epoch, until a desk sets the clock. How each epoch began is
 * kept, so that what was logged in it can be moved to where it belongs, here and at the desk.
 *
 * @module
 */
import * as board from "#board";
import {
  INTERVALS_PER_DAY,
  intervalAt,
  RETENTION_INTERVALS,
  SECONDS_PER_INTERVAL,
} from "../protocol/intervals.ts";
import {
  CLOCK_REFUSED,
  EPOCH_BYTES,
  EPOCHS_KEPT,
  FLASH_FAILED,
  GUESSED,
} from "../protocol/messages.ts";
import {
  bytes32,
  DOUBTFUL,
  EPOCH,
  EPOCHS,
  EXPOSURE,
  get32,
  image,
  LAST_INTERVAL,
  lastInterval,
  put,
  putInterval,
  ZONE,
} from "./state-store.ts";

const DAY = INTERVALS_PER_DAY * SECONDS_PER_INTERVAL;
/**
 * All changes of a running clock together may take this many seconds, half a day, of which {@link REGAINED} come back in each
 * interval: less than a day in any fortnight. Drift makes minutes, and a desk with a wrong date would age out the log.
 */
const BUDGET = 43200;
const REGAINED = 20;
/** Back costs six times as much, so it is 2 hours at a time: that is how far a match may be off. */
const COST_OF_BACK = 6;
/** A clock that was lost goes ahead by less than a year, the time that a token may lie in a drawer. */
const MOST_AHEAD_IN_DOUBT = 365 * DAY;
/** 2020-01-01: no exposure notification before. */
const EARLIEST = 1577836800;
/** 2100-01-01: far enough from the last second that four bytes can count. */
const LATEST = 4102444800;
/** The watchdog waits for ten minutes from a tick on, of which there is one each five: so long, or two and a half minutes more or less. */
const HUNG_SECONDS = 450;
/** A smaller correction starts no new epoch. */
const SMALL_CHANGE = 60;

/** What is spent of the budget, and up to when it has come back. */
let spent = 0;
let spentSince = 0;

/** The present interval. */
export function present(): number {
  return intervalAt(board.now());
}

/** Whether the clock was never set, or has been guessed since the last power loss. */
export function isDoubtful(): boolean {
  return !lastInterval || !!image[DOUBTFUL];
}

/** Marks `interval` as used, in flash; false when it was used before or flash failed. */
export function use(interval: number): boolean {
  return interval > lastInterval && putInterval(interval);
}

function entryOf(epoch: number): number {
  return EPOCHS + (epoch % EPOCHS_KEPT) * EPOCH_BYTES;
}

// The entry is of no effect before the epoch has begun.
function nextEpoch(doubtful: number, unixSeconds: number, moved: number): boolean {
  const epoch = (image[EPOCH] + 1) & 255;
  const entry = new Uint8Array(EPOCH_BYTES);
  entry.set(bytes32(unixSeconds));
  entry.set(bytes32(moved), 4);
  return put(entryOf(epoch), entry) && put(EPOCH, new Uint8Array([epoch, doubtful]));
}

// By how many intervals what was logged in `epoch` must be moved to stand at its true time: not at all
// unless that epoch had begun with a guess and has ended with a desk.
function correctionOf(epoch: number): number {
  const ago = (image[EPOCH] - epoch) & 255;
  if (ago < 1 || ago >= EPOCHS_KEPT || get32(entryOf(epoch) + 4) !== GUESSED) return 0;
  const moved = get32(entryOf(epoch + 1) + 4);
  return moved === GUESSED ? 0 : Math.round((moved | 0) / SECONDS_PER_INTERVAL);
}

/** The oldest interval, by the clock of `epoch`, of which records are still kept at `interval`. */
export function oldestOf(epoch: number, interval: number): number {
  return interval - RETENTION_INTERVALS - correctionOf(epoch);
}

/**
 * Sets the clock.
 *
 * @param zone - quarters of an hour ahead of UTC, plus 48, for what should be quiet at night
 * @returns 0 or the reason for refusing
 */
export function setClock(unixSeconds: number, zone: number): number {
  const change = unixSeconds - board.now();
  const isFirst = !lastInterval;
  const inDoubt = image[DOUBTFUL];
  // What was guessed may be corrected either way; no interval is used twice all the same.
  const isFree = isFirst || (inDoubt && change < MOST_AHEAD_IN_DOUBT);
  const cost =
    Math.max(change, -COST_OF_BACK * change) +
    Math.max(0, spent - Math.max(0, present() - spentSince) * REGAINED);
  if (unixSeconds < EARLIEST || unixSeconds >= LATEST || (!isFree && (inDoubt || cost > BUDGET))) {
    return CLOCK_REFUSED;
  }
  if (isFirst) {
    // The rest of the state before the exposure is written with it, so that it changes at once.
    const first = new Uint8Array(image.subarray(0, EXPOSURE));
    first.set(bytes32(intervalAt(unixSeconds) - 1));
    first[EPOCH]++;
    first[ZONE] = zone;
    const entry = bytes32(unixSeconds);
    if (!put(entryOf(first[EPOCH]), entry) || !put(LAST_INTERVAL, first)) return FLASH_FAILED;
  } else {
    if (zone !== image[ZONE] && !put(ZONE, new Uint8Array([zone]))) return FLASH_FAILED;
    // Records of both sides of a jump must not be taken for one time line.
    if (inDoubt || Math.abs(change) >= SMALL_CHANGE) {
      if (!nextEpoch(0, unixSeconds, Math.round(change))) return FLASH_FAILED;
    }
  }
  board.setNow(unixSeconds);
  if (!isFree) {
    spent = cost;
    spentSince = present();
  }
  return 0;
}

/** Opens the clock: guesses the time if it was lost. */
export function openClock(): void {
  // After a restart by the watchdog the clock goes on from where the token hung.
  if (board.wasHung) board.setNow(board.now() + HUNG_SECONDS);
  if (lastInterval && board.now() < EARLIEST) {
    const guess = (lastInterval + 1) * SECONDS_PER_INTERVAL;
    if (!nextEpoch(1, guess, GUESSED)) {
      // Flash takes it with the next change that it takes.
      image[EPOCH]++;
      image[DOUBTFUL] = 1;
    }
    board.setNow(guess);
  }
}
