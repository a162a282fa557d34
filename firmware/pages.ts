/**
 * The token's flash pages: a pool from which the state takes one, the encounter log as many as it needs, and
 * of which one is always spare. Nothing is ever changed where it stands: a page is written anew in the
 * spare one, made valid, and only then is the old one retired, which becomes the spare.
 *
 * A page begins with a word that makes it valid: its number and the number's complement. Each bit is
 * stored once plain and once inverted, so a word whose writing was cut short cannot pass, nor be
 * taken for one of the other kind.
 *
 * @module
 */
import * as board from "#board";
import { readUint32 } from "../protocol/encounter-record.ts";

/** How many pages there are. */
export const PAGES = board.LAYOUT.poolPages;
/** In the number of a page: it holds state, not encounters. */
export const STATE_PAGE = 0x8000;

// Whether there may be a page that flash has not let go of. A power cut may have left one.
let isUntidy = true;

/** The page's number (0..65535), or -1 when the page is not valid. */
export function numberOf(page: number): number {
  const word = readUint32(board.readFlash(page, 0, 4), 0);
  const number = word & 0xffff;
  return word >>> 16 === (number ^ 0xffff) ? number : -1;
}

/** Makes a page valid; called when everything else in it has been written. */
export function seal(page: number, number: number): boolean {
  return board.writeFlash(
    page,
    0,
    new Uint8Array([number, number >>> 8, ~number, ~(number >>> 8)]),
  );
}

/**
 * Makes a page invalid, then erases it: a cut in between leaves no half-erased page that passes. Returns
 * false when flash failed; then the page may still hold what it held.
 */
export function retire(page: number): boolean {
  board.writeFlash(page, 0, new Uint8Array(4));
  const done = board.blankFlash(page);
  if (!done) isUntidy = true;
  return done;
}

/** Tries again to erase what flash did not let go of: all pages that are not in use. */
export function tidy(inUse: readonly number[]): void {
  if (!isUntidy) return;
  isUntidy = false;
  for (let page = 0; page < PAGES; page++) {
    if (numberOf(page) < 0) isUntidy = !board.blankFlash(page) || isUntidy;
    else if (inUse.indexOf(page) < 0) retire(page);
  }
}

/** The spare page, blank; -1 when there is none, or flash failed. */
export function spare(): number {
  for (let page = 0; page < PAGES; page++) {
    if (numberOf(page) < 0) return board.blankFlash(page) ? page : -1;
  }
  return -1;
}
