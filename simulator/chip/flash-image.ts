/**
 * The 512 kB of flash that a chip starts with: the SoftDevice, Espruino, and a token's Storage.
 *
 * @module
 */
import { LAYOUTS } from "../../protocol/flash-layout.ts";
import { type Elf, FLASH_BYTES } from "./elf.ts";

const DATA = 0;
const UPPER_SEGMENT = 2;
const UPPER_ADDRESS = 4;

/**
 * Puts together what is in flash.
 *
 * @param softdevice - Nordic's Intel HEX file with MBR and S132; undefined for the application alone
 * @param storage - as `buildStorageImage` makes it for the ELF file's board
 */
export function buildFlashImage(
  elf: Elf,
  storage: Uint8Array,
  softdevice: string | undefined,
): Uint8Array {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  if (softdevice !== undefined) readHex(softdevice, flash);
  elf.copyTo(flash);
  flash.set(storage, LAYOUTS[elf.board].storage);
  return flash;
}

// Source: Intel, "Hexadecimal Object File Format Specification", revision A (1988). What is not for flash is left out.
function readHex(text: string, flash: Uint8Array): void {
  let upper = 0;
  for (const line of text.split("\n")) {
    if (!line.startsWith(":")) continue;
    const record = Buffer.from(line.slice(1).trim(), "hex");
    const length = record[0] as number;
    const type = record[3];
    const data = record.subarray(4, 4 + length);
    if (type === UPPER_ADDRESS) upper = data.readUInt16BE(0) * 0x10000;
    else if (type === UPPER_SEGMENT) upper = data.readUInt16BE(0) * 16;
    const address = upper + record.readUInt16BE(1);
    if (type === DATA && address + length <= flash.length) flash.set(data, address);
  }
}
