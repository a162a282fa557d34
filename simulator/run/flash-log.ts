/**
 * A token's log as its flash holds it, without asking the token.
 *
 * @module
 */
import { RECORD_BYTES } from "../../protocol/encounter-record.ts";
import { type FlashLayout, PAGE_BYTES, poolStart } from "../../protocol/flash-layout.ts";

/** In the number of a page: it holds state, not encounters. See `firmware/pages.ts`. */
const STATE_PAGE = 0x8000;
/** See `firmware/encounter-log.ts`: a page's number, then its slots. */
const HEADER_BYTES = 4;
const SLOTS = 341;

/** Slots that the log of a board has room for: one page of the pool holds the state, and one is spare. */
export function logSlots(layout: FlashLayout): number {
  return (layout.poolPages - 2) * SLOTS;
}

/** Slots in use, and their bytes in the order of the log. @param storage - all of Storage */
export function readFlashLog(layout: FlashLayout, storage: Uint8Array): Uint8Array {
  const view = new DataView(storage.buffer, storage.byteOffset, storage.byteLength);
  const pages: { number: number; slots: Uint8Array }[] = [];
  for (let page = 0; page < layout.poolPages; page++) {
    const start = poolStart(layout) + page * PAGE_BYTES;
    const number = view.getUint16(start, true);
    const isValid = view.getUint16(start + 2, true) === (number ^ 0xffff);
    if (!isValid || number >= STATE_PAGE) continue;
    let used = SLOTS;
    while (used > 0 && isBlank(storage, start + HEADER_BYTES + (used - 1) * RECORD_BYTES)) used--;
    const from = start + HEADER_BYTES;
    pages.push({ number, slots: storage.slice(from, from + used * RECORD_BYTES) });
  }
  pages.sort((a, b) => a.number - b.number);
  return new Uint8Array(Buffer.concat(pages.map(({ slots }) => slots)));
}

function isBlank(storage: Uint8Array, at: number): boolean {
  for (let i = 0; i < RECORD_BYTES; i++) if (storage[at + i] !== 0xff) return false;
  return true;
}
