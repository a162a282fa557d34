/**
 * Provisions a board over a line to it. The board is a token once the magic of its identity is in flash, and that is
 * written last, in a single word: whatever happens before leaves it blank, and the next try begins anew.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import {
  FILE_HEADER_BYTES,
  IDENTITY_BYTES,
  IDENTITY_MAGIC,
  LAYOUTS,
  REGION_FILE,
  regionStart,
} from "../../protocol/flash-layout.ts";
import { Failure } from "../failure.ts";
import type { EspruinoLink } from "./espruino-link.ts";
import type { FlashTarget } from "./flash-target.ts";
import { buildStorageImage, type TokenIdentity } from "./storage-image.ts";

/** How far it is: done and total are bytes written and checked. */
export type Progress = (done: number, total: number) => void;

// One packet must fit into the board's input buffer, 1 kB at most, after base64.
const WRITE_BYTES = 240;
const READ_BYTES = 1024;
// The Bangle.js 2 has 8 MB to erase.
const ERASE_SECONDS = 300;

/** Whether a board is a token already, by the rule that the firmware itself goes by. @throws Failure */
export async function isProvisioned(link: EspruinoLink, target: FlashTarget): Promise<boolean> {
  const at = target.storage + regionStart(LAYOUTS[target.board]);
  const length = FILE_HEADER_BYTES + IDENTITY_MAGIC.length;
  const bytes = await link.evaluate(`require("Flash").read(${length},${at}).join()`);
  const text = Buffer.from(String(bytes).split(",").map(Number)).toString("latin1");
  return (
    text.slice(4, 4 + REGION_FILE.length) === REGION_FILE &&
    text.slice(FILE_HEADER_BYTES) === IDENTITY_MAGIC
  );
}

/**
 * Erases a board, writes the firmware and the identity, checks all of it and restarts the board.
 *
 * @param firmware - the bundle, one byte for each character
 * @throws Failure `firmware-too-large` before anything is erased, `flash-mismatch`, `link-lost`, `board-error`
 */
export async function flashToken(
  link: EspruinoLink,
  target: FlashTarget,
  identity: TokenIdentity,
  firmware: string,
  onProgress: Progress,
): Promise<void> {
  const image = buildStorageImage(target.board, identity, firmware);
  const magicAt = regionStart(LAYOUTS[target.board]) + FILE_HEADER_BYTES;
  const serialAt = magicAt + IDENTITY_MAGIC.length;
  const identityEnd = magicAt + IDENTITY_BYTES;
  const total = identityEnd + image.length + FILE_HEADER_BYTES + IDENTITY_BYTES;
  // What flash must hold by now.
  const expected = new Uint8Array(image.length).fill(0xff);
  let done = 0;

  function advance(bytes: number): void {
    done += bytes;
    onProgress(done, total);
  }

  async function write(from: number, to: number): Promise<void> {
    for (let at = from; at < to; at += WRITE_BYTES) {
      const bytes = image.subarray(at, Math.min(at + WRITE_BYTES, to));
      const data = Buffer.from(bytes).toString("base64");
      await link.evaluate(`require("Flash").write(atob("${data}"),${target.storage + at})`);
      expected.set(bytes, at);
      advance(bytes.length);
    }
  }

  async function verify(from: number, to: number): Promise<void> {
    for (let at = from; at < to; at += READ_BYTES) {
      const bytes = expected.subarray(at, Math.min(at + READ_BYTES, to));
      const read = `require("Flash").read(${bytes.length},${target.storage + at})`;
      const checksum = Number(await link.evaluate(`E.CRC32(${read})`)) >>> 0;
      if (checksum !== crc32(bytes)) {
        throw new Failure(
          "flash-mismatch",
          "The board's flash does not hold what was written to it; run this again, and if that fails, use another board.",
        );
      }
      advance(bytes.length);
    }
  }

  await link.reset();
  await link.evaluate(`require("Storage").eraseAll()`, ERASE_SECONDS);
  // Without the header of the code, which is the first, Storage is empty: a board starts as if it had no code, and can
  // be reached without its button.
  await write(FILE_HEADER_BYTES, magicAt);
  await write(serialAt, identityEnd);
  await verify(0, image.length);
  await write(0, FILE_HEADER_BYTES);
  await verify(0, FILE_HEADER_BYTES);
  await write(magicAt, serialAt);
  await verify(magicAt, identityEnd);
  await link.evaluate("setTimeout(E.reboot,500),0");
}
