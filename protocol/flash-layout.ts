/**
 * How a token's flash is divided, for the tool that provisions it and the firmware that lives in it.
 *
 * Espruino's Storage is a chain of files, each behind a 32-byte header (little-endian size, then
 * the name padded with zeros to 28 bytes). Compaction of that chain is not safe against power
 * loss, so nothing in it changes after provisioning. The first file is the token's own region:
 * its size makes the next header start on a page, and all its pages but the first, which holds that
 * header and the identity, can be erased without touching the chain. Source: Espruino,
 * `src/jsflash.h`.
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

/** The identity, right behind the region's header: "SQB1", serial number (uint32), token key. */
export const IDENTITY_MAGIC = "SQB1";
/** Length of the token key in bytes. */
export const TOKEN_KEY_BYTES = 16;

/** Puck.js: where Storage starts, its pages, and how many of them are the token's region. */
export const PUCKJS_STORAGE = 0x6c000;
export const PUCKJS_STORAGE_PAGES = 10;
export const PUCKJS_REGION_PAGES = 6;
