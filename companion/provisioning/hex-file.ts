/**
 * A token's flash as an Intel HEX file, for programmers in a factory.
 *
 * @module
 */
import { type BoardName, LAYOUTS } from "../../protocol/flash-layout.ts";
import { Failure } from "../failure.ts";
import { buildStorageImage, type TokenIdentity } from "./storage-image.ts";

// Internal flash ends far below; what lies above is on a chip that no programmer of the processor reaches.
const EXTERNAL_FLASH = 0x60000000;

const LINE_BYTES = 16;
const DATA = 0;
const END_OF_FILE = 1;
const UPPER_ADDRESS = 4;

/**
 * Builds the HEX file of a board's Storage at its true address. A programmer writes it beside an Espruino that
 * is there already.
 *
 * @param firmware - the bundle, one byte for each character
 * @throws Failure `hex-impossible`, `firmware-too-large`
 */
export function buildHexFile(board: BoardName, identity: TokenIdentity, firmware: string): string {
  const { storage } = LAYOUTS[board];
  if (storage >= EXTERNAL_FLASH) {
    throw new Failure(
      "hex-impossible",
      `A ${board} keeps its code in external flash, which no HEX file reaches; flash it with --port.`,
    );
  }
  return encodeHex(storage, buildStorageImage(board, identity, firmware));
}

// Source: Intel, "Hexadecimal Object File Format Specification", revision A (1988).
function encodeHex(address: number, bytes: Uint8Array): string {
  const lines: string[] = [];
  let upper = -1;
  for (let at = 0; at < bytes.length; at += LINE_BYTES) {
    const line = address + at;
    if (line >>> 16 !== upper) {
      upper = line >>> 16;
      lines.push(record(UPPER_ADDRESS, 0, Uint8Array.of(upper >> 8, upper)));
    }
    lines.push(record(DATA, line & 0xffff, bytes.subarray(at, at + LINE_BYTES)));
  }
  lines.push(record(END_OF_FILE, 0, Uint8Array.of()));
  return `${lines.join("\n")}\n`;
}

function record(type: number, offset: number, data: Uint8Array): string {
  const bytes = Buffer.from([data.length, offset >> 8, offset, type, ...data, 0]);
  bytes[bytes.length - 1] = -bytes.reduce((sum, byte) => sum + byte, 0);
  return `:${bytes.toString("hex").toUpperCase()}`;
}
