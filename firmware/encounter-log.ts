/**
 * The contact log in flash: pages of 12-byte records, see `protocol/encounter-record.ts`.
 *
 * ```text
 * page   0  number, see `pages.ts`; written when the first slot is there
 *        4  341 slots, the first of which is a time mark with the page's label: the lowest number of the pages that
 *           this one stands for (15 bits, as all numbers of pages here), and DROPPED
 * ```
 *
 * Pages are numbered in the order in which they are begun. A position in the log is number * 341 + slot;
 * positions grow until the token starts with an empty log. When no page is free, two are merged into one,
 * see `merge.ts`. What has expired is left behind when its page is copied, each record in its own slot.
 *
 * @module
 */
import * as board from "#board";
import {
  isWhole,
  MARK_SPAN,
  packEncounter,
  packMark,
  RECORD_BYTES,
  RECORD_RSSI_OFFSET,
  wordMinutes,
  wordSinceMark,
} from "../protocol/encounter-record.ts";
import { ENCOUNTERS_LAYOUT } from "../protocol/messages.ts";
import { oldestOf } from "./clock.ts";
import { leastRisk, mergePages, riskOf } from "./merge.ts";
import { numberOf, PAGES, retire, STATE_PAGE, seal, spare } from "./pages.ts";
import { EPOCH, image } from "./state-store.ts";

/** Slots of a page. */
export const SLOTS = 341;
/** As many as fill seven notifications, and leave memory to seal them. */
const READ_SLOTS = 27;
/** Divides the slots of a page. */
const COPY_SLOTS = 31;
const ATTEMPTS = 3;
/** Steps to append one encounter: room made twice, a page opened, a time mark, the record, one failure. */
const STEPS = 6;
/** What merging is expected to leave of so many slots: a neighbour keeps its RPI for three commits. */
const RECORDS_PER_RPI = 3;
/** In a load, one step of risk: more than two pages have slots. */
const RISK_UNIT = 1024;
/** How long a step of risk is refused without another merge. */
const REFUSAL_INTERVALS = 36;
/** By how many minutes a neighbour's record may yet grow when it is merged. */
const MINUTES_TO_COME = 15;
/** In the label of a page: something of what it stands for had to be left out. */
export const DROPPED = 0x8000;
/** The state has one page, and one is always spare. */
const MOST_PAGES = PAGES - 2;

/** The log's pages, the oldest first: where they are. */
export const pages: number[] = [];
// Their numbers, and how many slots merging would take of each, with the risk below which merging has left everything out
// of it above that.
const numbers: number[] = [];
const loads: number[] = [];
/** First slot of the newest page without a record. */
let slot = SLOTS;
let mark = -1;
let markEpoch = 0;
/** Whether the load of the newest page takes in what was appended to it. */
let isCounted = false;
// Where expiry goes on in the oldest page: everything before is expired; some of it may still be there.
let expirySlot = 0;
let expiryMark = 0;
let expiryEpoch = 0;
let stale = false;
/**
 * Below this risk nothing is written: the last merge left as much out. It goes down while no merge confirms it, and at once when a
 * page becomes free.
 */
let refusal = 0;
/** Since when it stands where it stands. */
let refusalSince = 0;
/**
 * When something was last not written that no page's label tells of; 0 when there is no such thing. A power cut forgets it, but
 * not the labels of the pages that were merged.
 */
let refused = 0;

function readSlots(page: number, from: number, count: number): Uint8Array {
  return board.readFlash(page, 4 + from * RECORD_BYTES, count * RECORD_BYTES);
}

function writeSlots(page: number, from: number, records: Uint8Array): boolean {
  return board.writeFlash(page, 4 + from * RECORD_BYTES, records);
}

/** Reads slots as words, three for each. */
export function readWords(page: number, from: number, count: number): Uint32Array {
  return new Uint32Array(readSlots(page, from, count).buffer);
}

function isBlank(page: number, at: number): boolean {
  const words = readWords(page, at, 1);
  return (words[0] & words[1] & words[2]) === -1;
}

// In the page's first time mark: the lowest number of the pages that this one stands for, and DROPPED.
function labelOf(page: number): number {
  const bytes = readSlots(page, 0, 1);
  return bytes[5] | (bytes[6] << 8);
}

/** Whether a full flash made the log leave out something of the time that it holds. */
export function hasDropped(): boolean {
  let labels = 0;
  for (let at = 0; at < pages.length; at++) labels |= labelOf(pages[at]);
  return refused > 0 || labels >= DROPPED;
}

// Forgets where a page was.
function dropPage(at: number): void {
  pages.splice(at, 1);
  numbers.splice(at, 1);
  loads.splice(at, 1);
  if (at === 0) {
    expirySlot = 0;
    stale = false;
  }
  if (!pages.length) slot = SLOTS;
}

function openPage(interval: number): boolean {
  const page = spare();
  const number = pages.length ? numbers[numbers.length - 1] + 1 : 0;
  const epoch = image[EPOCH];
  const label = refused ? number | DROPPED : number;
  if (page < 0 || !writeSlots(page, 0, packMark(interval, epoch, label)) || !seal(page, number)) {
    return false;
  }
  refused = 0;
  pages.push(page);
  numbers.push(number);
  loads.push(0);
  isCounted = false;
  slot = 1;
  mark = interval;
  markEpoch = epoch;
  return true;
}

// Merges two neighbouring pages: if there are some of which nothing must be left out, those with the fewest records; else
// those of which the least risk was left out before, so that no time has to give up what is nearer than what another one
// keeps; and among these the ones that stand for the fewest pages, so that each time gives up as much.
function makeRoom(interval: number): boolean {
  let at = 0;
  let least = 0;
  for (let i = 0; i + 1 < pages.length; i++) {
    let cost = (loads[i] + loads[i + 1]) % RISK_UNIT;
    if (cost >= SLOTS) {
      cost = Math.floor(Math.max(loads[i], loads[i + 1]) / RISK_UNIT) * RISK_UNIT + SLOTS;
      cost += numbers[i + 1] - (labelOf(pages[i]) & ~DROPPED);
    }
    if (!i || cost < least) {
      least = cost;
      at = i;
    }
  }
  const older = pages[at];
  const newer = pages[at + 1];
  const target = spare();
  const label = labelOf(older) | (labelOf(newer) & DROPPED);
  const used = target < 0 ? 0 : mergePages(older, newer, target, label, interval);
  if (used <= 0 || !seal(target, numbers[at + 1])) return false;
  refusal = leastRisk;
  refusalSince = interval;
  retire(older);
  retire(newer);
  dropPage(at);
  pages[at] = target;
  loads[at] = used + leastRisk * RISK_UNIT;
  if (at + 1 === pages.length) {
    slot = used;
    mark = -1;
    isCounted = false;
  }
  return true;
}

// A busy radio fails writes now and then. A slot that is still blank is tried again, so that written
// slots stay without gaps; one that took some bits is left behind, and readers skip it.
function place(record: Uint8Array): boolean {
  const page = pages[pages.length - 1];
  for (let attempt = 0; attempt < ATTEMPTS && slot < SLOTS; attempt++) {
    if (writeSlots(page, slot, record)) {
      slot++;
      return true;
    }
    if (!isBlank(page, slot)) slot++;
  }
  return false;
}

/**
 * Appends one encounter, or leaves it out of a log that is full of nearer ones.
 *
 * @returns false when flash failed, and nothing was changed
 */
export function appendEncounter(
  interval: number,
  identifier: Uint8Array,
  minutes: number,
  meanRssi: number,
  bestRssi: number,
): boolean {
  const epoch = image[EPOCH];
  // What the last merge left out, the next one would, too: it needs no place until then, nor the merge's time.
  if (riskOf(minutes + MINUTES_TO_COME, meanRssi + RECORD_RSSI_OFFSET) < refusal) {
    refused = interval;
    return true;
  }
  for (let step = 0; step < STEPS; step++) {
    if (slot >= SLOTS) {
      if (!isCounted && pages.length) {
        const last = pages.length - 1;
        loads[last] += Math.floor((SLOTS - (loads[last] % RISK_UNIT)) / RECORDS_PER_RPI);
        isCounted = true;
      }
      if (!(pages.length < MOST_PAGES ? openPage(interval) : makeRoom(interval))) break;
    } else if (
      (mark < 0 || interval < mark || interval >= mark + MARK_SPAN || epoch !== markEpoch) &&
      place(packMark(interval, epoch, 0))
    ) {
      mark = interval;
      markEpoch = epoch;
    } else if (place(packEncounter(identifier, interval - mark, minutes, meanRssi, bestRssi))) {
      return true;
    }
  }
  return false;
}

/** Position of the oldest record. */
export function logStart(): number {
  return pages.length ? numbers[0] * SLOTS : 0;
}

/** Position after the newest record. */
export function logEnd(): number {
  return pages.length ? numbers[numbers.length - 1] * SLOTS + slot : 0;
}

/**
 * Reads on from a position: the response to a desk, see `protocol/messages.ts`; undefined when it is past the end. It goes on
 * from page to page and is filled with zeros at the end, so that its length tells nothing of the log.
 */
export function readLog(
  position: number,
): [layout: string, positions: number[], records: Uint8Array] | undefined {
  const end = logEnd();
  if (position > end) return undefined;
  const number = Math.floor(position / SLOTS);
  const last = pages.length - 1;
  let at = 0;
  while (numbers[at] < number) at++;
  let from = numbers[at] === number ? position % SLOTS : 0;
  const start = position === end ? end : numbers[at] * SLOTS + from;
  const records = new Uint8Array(READ_SLOTS * RECORD_BYTES);
  let next = start;
  for (let filled = 0; filled < READ_SLOTS && next < end; ) {
    const count = Math.min(READ_SLOTS - filled, (at === last ? slot : SLOTS) - from);
    records.set(readSlots(pages[at], from, count), filled * RECORD_BYTES);
    filled += count;
    from += count;
    if (from === SLOTS && at < last) {
      at++;
      from = 0;
    }
    next = numbers[at] * SLOTS + from;
  }
  return [ENCOUNTERS_LAYOUT, [start, next], records];
}

// Copies the oldest page without what has expired in it.
function copyOldest(end: number): boolean {
  const target = spare();
  if (target < 0) return false;
  for (let from = 0; from < end; from += COPY_SLOTS) {
    const count = Math.min(COPY_SLOTS, end - from);
    const bytes = readSlots(pages[0], from, count);
    const gone = Math.min(count, expirySlot - from);
    if (gone > 0) bytes.fill(0, 0, gone * RECORD_BYTES);
    if (!from) bytes.set(packMark(expiryMark, expiryEpoch, labelOf(pages[0])));
    if (!writeSlots(target, from, bytes)) return false;
  }
  if (!seal(target, numbers[0])) return false;
  retire(pages[0]);
  pages[0] = target;
  return true;
}

/** Removes what is older than 14 days at `interval`. */
export function expireLog(interval: number): void {
  if (refused < oldestOf(image[EPOCH], interval)) refused = 0;
  if (refusal && interval - refusalSince >= REFUSAL_INTERVALS) {
    refusal--;
    refusalSince = interval;
  }
  while (pages.length) {
    const isNewest = pages.length === 1;
    const end = isNewest ? slot : SLOTS;
    for (; expirySlot < end; expirySlot++) {
      const words = readWords(pages[0], expirySlot, 1);
      const word = words[2];
      if (!isWhole(word)) continue;
      if (!wordMinutes(word)) {
        expiryMark = words[0];
        expiryEpoch = words[1] & 255;
      } else {
        if (expiryMark + wordSinceMark(word) >= oldestOf(expiryEpoch, interval)) break;
        stale = true;
      }
    }
    // A page that is being filled goes too once all its records are gone, with its time marks.
    if (expirySlot < end || (isNewest && expiryMark >= oldestOf(expiryEpoch, interval))) {
      if (stale && copyOldest(end)) stale = false;
      return;
    }
    // A page that is marked but not erased counts as spare already: it must not be taken for one of the log.
    if (!retire(pages[0]) && numberOf(pages[0]) >= 0) return;
    dropPage(0);
    refusal = 0;
  }
}

/** Opens the log: finds its pages, and finishes what a power cut may have left half done. */
export function openEncounterLog(): void {
  const lowest: number[] = [];
  while (pages.length) dropPage(0);
  refusal = 0;
  refused = 0;
  for (let page = 0; page < PAGES; page++) {
    const number = numberOf(page);
    if (number < 0 || number >= STATE_PAGE) continue;
    const from = labelOf(page) & ~DROPPED;
    let at = pages.length;
    // Of two with one number, the one that stands for more comes last.
    while (
      at &&
      (numbers[at - 1] > number || (numbers[at - 1] === number && lowest[at - 1] < from))
    ) {
      at--;
    }
    pages.splice(at, 0, page);
    numbers.splice(at, 0, number);
    loads.splice(at, 0, from === number ? Math.floor(SLOTS / RECORDS_PER_RPI) : SLOTS);
    lowest.splice(at, 0, from);
  }
  for (let at = pages.length - 1; at > 0; at--) {
    if (numbers[at - 1] < lowest[at]) continue;
    // The later page stands for this one.
    retire(pages[at - 1]);
    dropPage(at - 1);
    lowest.splice(at - 1, 1);
  }
  mark = -1;
  isCounted = true;
  if (!pages.length) return;
  // Written slots come first, so the first blank one can be found by halving.
  slot = 1;
  for (let high = SLOTS; slot < high; ) {
    const middle = (slot + high) >> 1;
    if (isBlank(pages[pages.length - 1], middle)) high = middle;
    else slot = middle + 1;
  }
}

/** Erases everything; false when flash failed and something may be left. */
export function eraseLog(): boolean {
  let done = true;
  for (let page = 0; page < PAGES; page++) {
    const number = numberOf(page);
    if (number >= 0 && number < STATE_PAGE) done = retire(page) && done;
  }
  openEncounterLog();
  return done;
}
