/**
 * Everything small that must survive: one image in RAM, mirrored in two flash pages used in turn. A page
 * starts with a whole image and goes on with patches; when it is full, or when old bytes must really
 * be gone, the other page gets the image and this one is erased.
 *
 * ```text
 * page   0  sequence number (2 bytes) and its complement: written last, makes the page valid
 *        4  image, CRC-32 of it
 *        .. patches: offset (2), length (2), bytes padded to a word, CRC-32 of all that
 * ```
 *
 * @module
 */
import { readUint32 } from "../protocol/encounter-record.ts";
import { PAGE_BYTES } from "../protocol/flash-layout.ts";
import { KEY_BYTES } from "../protocol/messages.ts";
import type { Board } from "./board.ts";
import { pageNumber, sealPage } from "./page-header.ts";

/** Offset of the last interval used or known (uint32); 0: the clock was never set. */
export const LAST_INTERVAL = 0;
/** Offset of the wearer's state: off or on. */
export const STATE = 4;
/** Offset of the clock epoch. */
export const EPOCH = 5;
/** Offset of a flag: the clock had to be guessed after a power loss. */
export const DOUBTFUL = 6;
/** Offset of the exposure status. */
export const EXPOSURE = 8;
/** Offset of the keys; a day's key has its fixed slot. */
export const KEYS = 20;
/** Keys of today and of the 14 days before. */
export const KEY_SLOTS = 15;

const IMAGE_BYTES = KEYS + KEY_SLOTS * KEY_BYTES;
const PATCHES = 4 + IMAGE_BYTES + 4;

/** The image and how to change it. */
export interface StateStore {
  /** The image; read it, but change it with {@link StateStore.put} alone. */
  readonly image: Uint8Array;
  /** The uint32 at `offset`. */
  get32(offset: number): number;
  /** Changes bytes in flash and then in RAM; false when flash failed and nothing has changed. */
  put(offset: number, bytes: Uint8Array): boolean;
  /** The same for a uint32. */
  put32(offset: number, value: number): boolean;
  /**
   * Moves to the other page and erases this one, so that nothing replaced is left in flash. False
   * when flash failed: then the next {@link StateStore.put} tries again.
   */
  renew(): boolean;
}

/** Opens the store in pages 0 and 1, or starts one with an image of zeros. */
export function openStateStore(board: Board): StateStore {
  let image = new Uint8Array(IMAGE_BYTES);
  let page = 1;
  let number = 0;
  let end = PAGE_BYTES;
  let spareErased = false;

  function withCrc(bytes: Uint8Array): Uint8Array {
    const crc = board.crc32(bytes);
    const sealed = new Uint8Array(bytes.length + 4);
    sealed.set(bytes);
    sealed.set([crc, crc >>> 8, crc >>> 16, crc >>> 24], bytes.length);
    return sealed;
  }

  function readChecked(offset: number, length: number): Uint8Array | undefined {
    if (offset + length + 4 > PAGE_BYTES) return undefined;
    const bytes = board.readFlash(page, offset, length);
    const crc = readUint32(board.readFlash(page, offset + length, 4), 0);
    return board.crc32(bytes) === crc ? bytes : undefined;
  }

  function write(bytes: Uint8Array, offset: number): boolean {
    return board.writeFlash(page, offset, bytes);
  }

  function eraseSpare(): boolean {
    spareErased = spareErased || board.eraseFlash(1 - page);
    return spareErased;
  }

  // Commits the image to the spare page; the page left behind becomes the spare one.
  function moveOn(): boolean {
    const erased = eraseSpare();
    page = 1 - page;
    spareErased = false;
    if (erased && write(withCrc(image), 4) && sealPage(board, page, number + 1)) {
      number++;
      end = PATCHES;
      eraseSpare();
      return true;
    }
    page = 1 - page;
    // Whatever is put next tries again.
    end = PAGE_BYTES;
    return false;
  }

  function replay(): void {
    end = PATCHES;
    while (end + 4 <= PAGE_BYTES) {
      const header = readUint32(board.readFlash(page, end, 4), 0);
      if (header === 0xffffffff) return;
      const length = header >>> 16;
      const padded = 4 + ((length + 3) & ~3);
      const patch = readChecked(end, padded);
      if (!patch) break;
      image.set(patch.subarray(4, 4 + length), header & 0xffff);
      end += padded + 4;
    }
    // A torn patch, or a full page: whatever comes next starts on the other page.
    end = PAGE_BYTES;
  }

  function put(offset: number, bytes: Uint8Array): boolean {
    const length = bytes.length;
    const patch = new Uint8Array(4 + ((length + 3) & ~3));
    patch.set([offset, offset >>> 8, length, length >>> 8]);
    patch.set(bytes, 4);
    const sealed = withCrc(patch);
    const before = new Uint8Array(image.subarray(offset, offset + length));
    image.set(bytes, offset);
    eraseSpare();
    if (end + sealed.length <= PAGE_BYTES) {
      const at = end;
      end += sealed.length;
      if (write(sealed, at)) return true;
      end = PAGE_BYTES;
    }
    if (moveOn()) return true;
    image.set(before, offset);
    return false;
  }

  const numbers = [pageNumber(board, 0), pageNumber(board, 1)];
  const newest = numbers[1] > numbers[0] ? 1 : 0;
  for (let turn = 0; turn < 2 && end === PAGE_BYTES; turn++) {
    page = turn === 0 ? newest : 1 - newest;
    number = numbers[page];
    const stored = number < 0 ? undefined : readChecked(4, IMAGE_BYTES);
    if (stored) {
      image = new Uint8Array(stored);
      replay();
      break;
    }
  }
  if (number < 0) number = 0;
  // What a power cut may have left behind: a page not yet erased, or replaced bytes under patches.
  if (end > PATCHES) moveOn();
  else eraseSpare();

  return {
    image: image,
    get32: (offset) => readUint32(image, offset),
    put: put,
    put32: (offset, value) =>
      put(offset, new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24])),
    renew: () => moveOn() && spareErased,
  };
}
