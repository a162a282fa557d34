/**
 * The first word of a flash page that the token manages: a sequence number and its complement. Each
 * bit is stored once plain and once inverted, so a word whose writing was cut short cannot pass.
 *
 * @module
 */
import { readUint32 } from "../protocol/encounter-record.ts";
import type { Board } from "./board.ts";

/** The page's sequence number (0..65535), or -1 when the page is blank or not valid. */
export function pageNumber(board: Board, page: number): number {
  const word = readUint32(board.readFlash(page, 0, 4), 0);
  const number = word & 0xffff;
  return word >>> 16 === (number ^ 0xffff) ? number : -1;
}

/** Makes an erased page valid; called when everything else in it has been written. */
export function sealPage(board: Board, page: number, number: number): boolean {
  return board.writeFlash(
    page,
    0,
    new Uint8Array([number, number >>> 8, ~number, ~(number >>> 8)]),
  );
}

/**
 * Makes a page invalid, then erases it: a cut in between leaves no half-erased page that passes.
 * Returns false when flash failed; then the page may still hold what it held.
 */
export function retirePage(board: Board, page: number): boolean {
  board.writeFlash(page, 0, new Uint8Array(4));
  return board.eraseFlash(page);
}
