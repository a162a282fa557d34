/**
 * Lays out a token's flash: the code, its identity, then its own pages; see `protocol/flash-layout.ts`.
 *
 * @module
 */
import {
  type BoardName,
  CODE_FILE,
  codeRoom,
  FILE_HEADER_BYTES,
  type FlashLayout,
  IDENTITY_MAGIC,
  LAYOUTS,
  PAGE_BYTES,
  REGION_FILE,
  regionStart,
  TOKEN_KEY_BYTES,
} from "../../protocol/flash-layout.ts";
import { Failure } from "../failure.ts";

/** What makes one token different from all others. */
export interface TokenIdentity {
  /** Serial number on the token's case and card, uint32. */
  readonly serial: number;
  /** Token key on the card, 16 random bytes. */
  readonly key: Uint8Array;
}

/**
 * Builds the Storage area of a board, as far as a token uses it.
 *
 * @param firmware - the bundle, one byte for each character
 * @param layout - another one than the board's, to simulate what does not exist
 * @throws Failure `firmware-too-large`
 */
export function buildStorageImage(
  board: BoardName,
  identity: TokenIdentity,
  firmware: string,
  layout: FlashLayout = LAYOUTS[board],
): Uint8Array {
  const image = new Uint8Array(layout.storagePages * PAGE_BYTES).fill(0xff);
  const room = codeRoom(layout);
  if (firmware.length > room) {
    throw new Failure(
      "firmware-too-large",
      `The firmware has ${firmware.length} bytes, but a ${board} has room for ${room}; build a smaller one.`,
    );
  }
  writeStorageFile(image, 0, CODE_FILE, firmware.padEnd(room));
  const regionAt = regionStart(layout);
  const identityAt = regionAt + FILE_HEADER_BYTES;
  writeHeader(image, regionAt, REGION_FILE, image.length - identityAt);
  const view = new DataView(image.buffer);
  image.set(Buffer.from(IDENTITY_MAGIC, "latin1"), identityAt);
  view.setUint32(identityAt + 4, identity.serial, true);
  image.set(identity.key.subarray(0, TOKEN_KEY_BYTES), identityAt + 8);
  return image;
}

/**
 * Writes a file, one byte for each character of `text`, into a Storage image.
 *
 * @param at - where its header begins
 * @returns where the next header would begin
 */
export function writeStorageFile(
  image: Uint8Array,
  at: number,
  name: string,
  text: string,
): number {
  writeHeader(image, at, name, text.length);
  image.set(Buffer.from(text, "latin1"), at + FILE_HEADER_BYTES);
  return at + FILE_HEADER_BYTES + ((text.length + 3) & ~3);
}

function writeHeader(image: Uint8Array, at: number, name: string, size: number): void {
  image.fill(0, at, at + FILE_HEADER_BYTES);
  new DataView(image.buffer).setUint32(at, size, true);
  image.set(Buffer.from(name, "latin1"), at + 4);
}
