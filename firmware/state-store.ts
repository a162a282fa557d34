/**
 * Everything small that must survive: one image in RAM, mirrored in a flash page. The page starts with
 * a whole image and goes on with changes; when it is full, or when old bytes must really be gone, the
 * image moves to the spare page and the old page is erased.
 *
 * ```text
 * page   0  number, see `pages.ts`
 *        4  image, CRC-32 of it
 *        .. changes, each either
 *           a patch: offset (2), length (2), bytes padded to a word, CRC-32 of all that; or
 *           a used interval: its low 16 bits and their complement
 * ```
 *
 * @module
 */
import * as board from "#board";
import { readUint32 } from "../protocol/encounter-record.ts";
import { PAGE_BYTES } from "../protocol/flash-layout.ts";
import { EPOCHS_BYTES, EXPOSURE_BYTES, KEY_BYTES, KEYS_BYTES } from "../protocol/messages.ts";
import { numberOf, PAGES, retire, STATE_PAGE, seal, spare } from "./pages.ts";

/** Offset of the last interval used or known (uint32), as it was when the image was last written. */
export const LAST_INTERVAL = 0;
/** Offset of the wearer's state: off, on or paused. */
export const STATE = 4;
/** Offset of the clock epoch. */
export const EPOCH = 5;
/** Offset of a flag: the clock had to be guessed after a power loss. */
export const DOUBTFUL = 6;
/** Offset of the time zone: quarters of an hour ahead of UTC, plus 48. */
export const ZONE = 7;
/** Offset of the exposure status. */
export const EXPOSURE = 8;
/** Offset of how the latest epochs began, see `protocol/messages.ts`. */
export const EPOCHS = EXPOSURE + EXPOSURE_BYTES;
/** Offset of how often the watchdog has restarted the token. */
export const RESTARTS = EPOCHS + EPOCHS_BYTES;
/**
 * Offset of the keys, up to where a status is copied from here; a day's key has its fixed slot, see `keys.ts`. A multiple of
 * four, so that everything in flash begins with a word.
 */
export const KEYS = RESTARTS + 1;
/** Keys of today and of the 14 days before. */
export const DAY_KEYS = 15;
/** Offset of the key that was cut short; it is the last in the image. */
export const CUT_KEY = KEYS + DAY_KEYS * KEY_BYTES;

const IMAGE_BYTES = KEYS + KEYS_BYTES;
const CHANGES = 4 + IMAGE_BYTES + 4;

/** The image; read it, but change it with {@link put} alone. Its {@link LAST_INTERVAL} may be behind. */
export const image = new Uint8Array(IMAGE_BYTES);
/** The last interval used or known; 0: the clock was never set. */
export let lastInterval = 0;

/** The page in use; -1: none. */
export let statePage = -1;
let number = STATE_PAGE;
let end = PAGE_BYTES;

/** The uint32 at `offset` of the image. */
export function get32(offset: number): number {
  return readUint32(image, offset);
}

/** The bytes of a uint32. */
export function bytes32(value: number): Uint8Array {
  return new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24]);
}

// Sets the last four bytes to the CRC-32 of those before.
function withCrc(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 4;
  bytes.set(bytes32(board.crc32(bytes.subarray(0, end))), end);
  return bytes;
}

function readChecked(offset: number, length: number): Uint8Array | undefined {
  if (offset + length + 4 > PAGE_BYTES) return undefined;
  const bytes = board.readFlash(statePage, offset, length);
  const crc = readUint32(board.readFlash(statePage, offset + length, 4), 0);
  return board.crc32(bytes) === crc ? bytes : undefined;
}

/**
 * Moves to the spare page and erases the one left behind, so that nothing replaced is left in flash.
 * False when flash failed: then the next {@link put} tries again.
 */
export function renew(): boolean {
  let next = spare();
  if (next < 0) {
    // A page that flash did not let go of would stand in the way for good.
    retireOthers();
    next = spare();
  }
  const following = STATE_PAGE | (number + 1);
  end = PAGE_BYTES;
  image.set(bytes32(lastInterval));
  const copy = new Uint8Array(IMAGE_BYTES + 4);
  copy.set(image);
  if (next < 0 || !board.writeFlash(next, 4, withCrc(copy)) || !seal(next, following)) {
    return false;
  }
  statePage = next;
  number = following;
  end = CHANGES;
  return retireOthers();
}

// Whatever else says that it is state has been replaced.
function retireOthers(): boolean {
  let done = true;
  for (let other = 0; other < PAGES; other++) {
    if (other !== statePage && numberOf(other) >= STATE_PAGE) done = retire(other) && done;
  }
  return done;
}

/** Changes bytes in flash and then in RAM; false when flash failed and nothing has changed. */
export function put(offset: number, bytes: Uint8Array): boolean {
  const length = bytes.length;
  const patch = new Uint8Array(8 + ((length + 3) & ~3));
  patch.set([offset, offset >>> 8, length, length >>> 8]);
  patch.set(bytes, 4);
  withCrc(patch);
  const before = new Uint8Array(image.subarray(offset, offset + length));
  const lastBefore = lastInterval;
  image.set(bytes, offset);
  if (offset === LAST_INTERVAL) lastInterval = get32(LAST_INTERVAL);
  // Whatever is put next comes behind, even if this fails.
  const at = end;
  end += patch.length;
  if (end <= PAGE_BYTES && board.writeFlash(statePage, at, patch)) return true;
  // Flash that fails only to erase what was left behind has taken the change all the same.
  if (renew() || end === CHANGES) return true;
  image.set(before, offset);
  lastInterval = lastBefore;
  return false;
}

/** Records that `interval` is used, which happens too often for a patch; false when flash failed. */
export function putInterval(interval: number): boolean {
  // 65,536 intervals are more than a year.
  if (interval - lastInterval < 0x10000) {
    const low = interval & 0xffff;
    if (end < PAGE_BYTES && board.writeWord(statePage, end, low | (~low << 16))) {
      end += 4;
      lastInterval = interval;
      return true;
    }
    // Something may stand there now.
    end = PAGE_BYTES;
  }
  return put(LAST_INTERVAL, bytes32(interval));
}

function replay(): void {
  end = CHANGES;
  while (end + 4 <= PAGE_BYTES) {
    const header = readUint32(board.readFlash(statePage, end, 4), 0);
    if (header === 0xffffffff) return;
    const low = header & 0xffff;
    const high = header >>> 16;
    if (high === (low ^ 0xffff)) {
      lastInterval += (low - lastInterval) & 0xffff;
      end += 4;
    } else {
      const padded = 4 + ((high + 3) & ~3);
      const patch = readChecked(end, padded);
      if (!patch) break;
      image.set(patch.subarray(4, 4 + high), low);
      if (low === LAST_INTERVAL) lastInterval = get32(LAST_INTERVAL);
      end += padded + 4;
    }
  }
  // A torn change, or a full page: whatever comes next starts on another page.
  end = PAGE_BYTES;
}

/** Reads the state back, or starts with an image of zeros. */
export function openStateStore(): void {
  for (let at = 0; at < PAGES; at++) {
    const found = numberOf(at);
    if (found > number) {
      statePage = at;
      number = found;
    }
  }
  const stored = statePage < 0 ? undefined : readChecked(4, IMAGE_BYTES);
  if (stored) {
    image.set(stored);
    lastInterval = get32(LAST_INTERVAL);
    replay();
  }
  // What a power cut may have left behind: a page not yet erased, or replaced bytes under changes.
  if (end > CHANGES) renew();
  else retireOthers();
  if (board.wasHung && image[RESTARTS] < 255) put(RESTARTS, new Uint8Array([image[RESTARTS] + 1]));
}
