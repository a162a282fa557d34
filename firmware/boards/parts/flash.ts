/** The token's pages and its identity in Storage, through Espruino's `Flash` library, which works on pages of any board. */

import { fail, LAYOUT } from "#board";
import {
  IDENTITY_BYTES,
  IDENTITY_MAGIC,
  PAGE_BYTES,
  TOKEN_KEY_BYTES,
} from "../../../protocol/flash-layout.ts";

const flash = require("Flash");

// What `poolStart` would say, written out so that the build knows the number.
const POOL = LAYOUT.storage + (LAYOUT.storagePages - LAYOUT.poolPages) * PAGE_BYTES;
const IDENTITY = POOL - IDENTITY_BYTES;

// A whole page would not fit into the variables that are free.
const CHUNK_BYTES = 256;

const word = new Uint32Array(1);
const wordBytes = new Uint8Array(word.buffer);

function addressOf(page: number, offset: number): number {
  return POOL + page * PAGE_BYTES + offset;
}

export function provisioned(): boolean {
  // Provisioning lays the identity down with the region that holds it.
  const magic = flash.read(IDENTITY_MAGIC.length, IDENTITY);
  return E.CRC32(magic) === E.CRC32(IDENTITY_MAGIC);
}

export function tokenKey(): Uint8Array {
  return flash.read(TOKEN_KEY_BYTES, IDENTITY + IDENTITY_BYTES - TOKEN_KEY_BYTES);
}

export function readFlash(page: number, offset: number, length: number): Uint8Array {
  return flash.read(length, addressOf(page, offset));
}

export function writeFlash(page: number, offset: number, bytes: Uint8Array): boolean {
  const address = addressOf(page, offset);
  try {
    flash.write(bytes, address);
  } catch {
    // It waited for too long.
  }
  // A busy radio makes writes fail silently.
  return E.CRC32(flash.read(bytes.length, address)) === E.CRC32(bytes) || fail();
}

export function writeWord(page: number, offset: number, value: number): boolean {
  // Written out: this runs for every change of identifier, and a call costs more than the sum.
  const address = POOL + page * PAGE_BYTES + offset;
  word[0] = value;
  try {
    flash.write(wordBytes, address);
  } catch {
    // See above.
  }
  // Cheaper for the interpreter than two checksums.
  return new Uint32Array(flash.read(4, address).buffer)[0] === word[0] || fail();
}

function isBlank(page: number): boolean {
  const blank = E.CRC32(new Uint8Array(CHUNK_BYTES).fill(255));
  for (let at = 0; at < PAGE_BYTES; at += CHUNK_BYTES) {
    if (E.CRC32(readFlash(page, at, CHUNK_BYTES)) !== blank) return false;
  }
  return true;
}

export function blankFlash(page: number): boolean {
  if (isBlank(page)) return true;
  try {
    flash.erasePage(addressOf(page, 0));
  } catch {
    // See above.
  }
  return isBlank(page) || fail();
}
