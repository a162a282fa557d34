/**
 * How a token's flash is divided, for the tool that provisions it and the firmware that lives in it.
 *
 * Espruino's Storage is a chain of files, each behind a 32-byte header (little-endian size, then
 * the name padded with zeros to 28 bytes). Compaction of that chain is not safe against power
 * loss, so nothing in it changes after provisioning. The first file is the code, padded so that behind it the
 * header of the token's own region and the identity end where a page begins: from there on to its end the
 * region is a pool of pages that can be erased without touching the chain. Source: Espruino, `src/jsflash.h`.
 *
 * @module
 */

/** Size of a flash page in bytes. */
export const PAGE_BYTES = 4096;
/** Size of a Storage file header in bytes. */
export const FILE_HEADER_BYTES = 32;
/** Name of the token's own region. */
export const REGION_FILE = "saqbol";
/** Name of the code that Espruino runs at boot. */
export const CODE_FILE = ".bootcde";

/** Length of the identity. */
export const IDENTITY_BYTES = 24;
/** The identity, right behind the region's header: "SQB1", serial number (uint32), token key. */
export const IDENTITY_MAGIC = "SQB1";
/** Length of the token key in bytes. */
export const TOKEN_KEY_BYTES = 16;

/** Where a board's Storage lies, and how much of it is the token's pool of pages. */
export interface FlashLayout {
  /** Address of the first byte of Storage. */
  readonly storage: number;
  /** Pages of {@link PAGE_BYTES} in Storage that a token uses: the code and the identity, then the pool. */
  readonly storagePages: number;
  /** Pages of the pool. */
  readonly poolPages: number;
}

/** Puck.js v2 with Espruino's usual build. */
export const PUCKJS: FlashLayout = { storage: 0x6c000, storagePages: 10, poolPages: 6 };
/** Bangle.js 2: the first 160 kB of its 8 MB of external flash. */
export const BANGLEJS2: FlashLayout = { storage: 0x60000000, storagePages: 40, poolPages: 34 };

/** Where the pool begins, in bytes from the start of Storage. */
export function poolStart(layout: FlashLayout): number {
  return (layout.storagePages - layout.poolPages) * PAGE_BYTES;
}

/** Where the header of the token's region begins; the identity is behind it. */
export function regionStart(layout: FlashLayout): number {
  return poolStart(layout) - IDENTITY_BYTES - FILE_HEADER_BYTES;
}

/** How many bytes of code a board has room for. */
export function codeRoom(layout: FlashLayout): number {
  return regionStart(layout) - FILE_HEADER_BYTES;
}

/** The layout of each board that there is firmware for. */
export const LAYOUTS = {
  puckjs: PUCKJS,
  banglejs2: BANGLEJS2,
} as const;

/** Name of a board that there is firmware for; its bundle is `dist/firmware/<name>.js`. */
export type BoardName = keyof typeof LAYOUTS;
