/**
 * The contact log in flash: a ring of pages of 12-byte records, see `protocol/encounter-record.ts`.
 *
 * ```text
 * page   0  sequence number and its complement, written after the first slot
 *        4  341 slots; the first is a time mark
 * ```
 *
 * The page with sequence number s is page s mod n of the ring. A position in the log is s * 341 + slot;
 * positions grow until the token starts with an empty log. Expired records are overwritten with zeros where they
 * are; a page without live records is erased.
 *
 * @module
 */
import {
  isWhole,
  MARK_SPAN,
  packEncounter,
  packMark,
  RECORD_BYTES,
  readUint32,
  recordWord,
  wordMinutes,
  wordSinceMark,
} from "../protocol/encounter-record.ts";
import { RETENTION_INTERVALS } from "../protocol/intervals.ts";
import type { Board } from "./board.ts";
import { pageNumber, retirePage, sealPage } from "./page-header.ts";
import { EPOCH, type StateStore } from "./state-store.ts";

const FIRST_PAGE = 2;
const SLOTS = 341;
/** As many as fit into six notifications, which is what the radio buffers. */
const READ_SLOTS = 22;
const ATTEMPTS = 3;

/** A stretch of the log. */
export interface LogPart {
  /** Position of the first record. */
  readonly position: number;
  /** Position to go on from; the same as `position` at the end of the log. */
  readonly next: number;
  /** The records. */
  readonly bytes: Uint8Array;
}

/** See the module's description. */
export interface EncounterLog {
  /** Appends one encounter; false when the log is full or flash failed, and nothing was changed. */
  append(
    interval: number,
    identifier: Uint8Array,
    minutes: number,
    meanRssi: number,
    bestRssi: number,
  ): boolean;
  /** Whether encounters had to be left out, because no page was free, and still none is. */
  isFull(): boolean;
  /** Position of the oldest record. */
  first(): number;
  /** Position after the newest record. */
  end(): number;
  /** Reads on from a position; undefined when it is past the end. */
  read(position: number): LogPart | undefined;
  /** Removes what is older than 14 days at `interval`. */
  expire(interval: number): void;
  /** Erases everything; false when flash failed and something may be left. */
  erase(): boolean;
}

/** Opens the log in the pages behind the state store's. */
export function openEncounterLog(board: Board, store: StateStore): EncounterLog {
  const ring = board.pages - FIRST_PAGE;
  let oldest = 0;
  let newest = -1;
  let slot = SLOTS;
  let mark = -1;
  let markEpoch = 0;
  let full = false;
  // Where expiry goes on: everything before is gone already.
  let expirySlot = 0;
  let expiryMark = -1;
  let expiryMarkSlot = -1;

  function pageOf(number: number): number {
    return FIRST_PAGE + (number % ring);
  }

  function isLive(number: number): boolean {
    return number >= 0 && pageNumber(board, pageOf(number)) === number;
  }

  function readSlots(number: number, from: number, count: number): Uint8Array {
    return board.readFlash(pageOf(number), 4 + from * RECORD_BYTES, count * RECORD_BYTES);
  }

  function isBlank(number: number, at: number): boolean {
    const bytes = readSlots(number, at, 1);
    return (readUint32(bytes, 0) & readUint32(bytes, 4) & readUint32(bytes, 8)) === -1;
  }

  function openPage(interval: number): boolean {
    const number = newest + 1;
    if (isLive(number - ring)) {
      full = true;
      return false;
    }
    const page = pageOf(number);
    const epoch = store.image[EPOCH];
    if (!board.eraseFlash(page)) return false;
    if (!board.writeFlash(page, 4, packMark(interval, epoch))) return false;
    if (!sealPage(board, page, number)) return false;
    newest = number;
    if (!isLive(oldest)) {
      oldest = number;
      expirySlot = 0;
    }
    slot = 1;
    mark = interval;
    markEpoch = epoch;
    return true;
  }

  // A busy radio fails writes now and then. A slot that is still blank is tried again, so that written
  // slots stay without gaps; one that took some bits is left behind, and readers skip it.
  function place(record: Uint8Array): boolean {
    for (let attempt = 0; attempt < ATTEMPTS && slot < SLOTS; attempt++) {
      if (board.writeFlash(pageOf(newest), 4 + slot * RECORD_BYTES, record)) {
        slot++;
        return true;
      }
      if (!isBlank(newest, slot)) slot++;
    }
    return false;
  }

  function retireOldest(): boolean {
    if (!retirePage(board, pageOf(oldest))) return false;
    full = false;
    if (oldest === newest) slot = SLOTS;
    oldest++;
    expirySlot = 0;
    expiryMarkSlot = -1;
    return true;
  }

  function slotsOf(number: number): number {
    return number === newest ? slot : SLOTS;
  }

  function end(): number {
    return newest < 0 ? 0 : newest * SLOTS + slot;
  }

  // The checked word goes first, so that a cut leaves no record that is whole but half zero.
  function wipe(at: number): void {
    const offset = 4 + at * RECORD_BYTES;
    board.writeFlash(pageOf(oldest), offset + 8, new Uint8Array(4));
    board.writeFlash(pageOf(oldest), offset, new Uint8Array(8));
  }

  for (let page = 0; page < ring; page++) {
    const number = pageNumber(board, FIRST_PAGE + page);
    if (number >= 0 && number % ring === page && number > newest) newest = number;
  }
  if (newest >= 0) {
    oldest = newest;
    while (isLive(oldest - 1)) oldest--;
    // Written slots come first, so the first blank one can be found by halving.
    slot = 1;
    for (let high = SLOTS; slot < high; ) {
      const middle = (slot + high) >> 1;
      if (isBlank(newest, middle)) high = middle;
      else slot = middle + 1;
    }
  }

  return {
    append: (interval, identifier, minutes, meanRssi, bestRssi) => {
      for (let attempt = 0; attempt < 2; attempt++) {
        if (slot >= SLOTS && !openPage(interval)) break;
        const epoch = store.image[EPOCH];
        if (mark < 0 || interval < mark || interval >= mark + MARK_SPAN || epoch !== markEpoch) {
          if (!place(packMark(interval, epoch))) continue;
          mark = interval;
          markEpoch = epoch;
        }
        if (place(packEncounter(identifier, interval - mark, minutes, meanRssi, bestRssi))) {
          return true;
        }
      }
      return false;
    },

    isFull: () => full,
    first: () => oldest * SLOTS,
    end: end,

    read: (position) => {
      if (position > end()) return undefined;
      let number = Math.floor(position / SLOTS);
      let from = position % SLOTS;
      if (number < oldest) {
        number = oldest;
        from = 0;
      }
      const count = isLive(number) ? Math.min(READ_SLOTS, slotsOf(number) - from) : 0;
      const start = number * SLOTS + from;
      // Espruino has no flash read of length 0.
      const bytes = count ? readSlots(number, from, count) : new Uint8Array(0);
      return { position: start, next: start + count, bytes: bytes };
    },

    expire: (interval) => {
      while (oldest <= newest) {
        for (; expirySlot < slotsOf(oldest); expirySlot++) {
          const bytes = readSlots(oldest, expirySlot, 1);
          const word = recordWord(bytes, 0);
          if (!isWhole(word)) continue;
          if (wordMinutes(word) === 0) {
            // Nothing is left that needed the mark before.
            if (expiryMarkSlot >= 0) wipe(expiryMarkSlot);
            expiryMarkSlot = expirySlot;
            expiryMark = readUint32(bytes, 0);
          } else {
            if (expiryMark + wordSinceMark(word) + RETENTION_INTERVALS >= interval) return;
            wipe(expirySlot);
          }
        }
        // A page that is being filled goes too once all its records are gone, with its time marks.
        if (oldest === newest && expiryMark + RETENTION_INTERVALS >= interval) return;
        if (!retireOldest()) return;
      }
    },

    erase: () => {
      while (oldest <= newest) if (!retireOldest()) return false;
      return true;
    },
  };
}
