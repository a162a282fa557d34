/**
 * Reads Espruino's application as the linker wrote it: a 32-bit ELF file for ARM.
 *
 * @module
 */
import type { BoardName } from "../../protocol/flash-layout.ts";
import { LAYOUTS } from "../../protocol/flash-layout.ts";

// Source: Tool Interface Standard, "Executable and Linking Format (ELF) Specification", version 1.2.
const MAGIC = 0x464c457f;
const PROGRAM_HEADERS = 28;
const SECTION_HEADERS = 32;
const PROGRAM_HEADER_COUNT = 44;
const SECTION_HEADER_COUNT = 48;
const PROGRAM_HEADER_BYTES = 32;
const SECTION_HEADER_BYTES = 40;
const SYMBOL_BYTES = 16;
const LOAD = 1;
const SYMBOL_TABLE = 2;
const FUNCTION = 2;
/** The usual build for a Puck.js ends within so many bytes before its Storage. */
const FARTHEST_END = 0x4000;

/** The nRF52832's flash. */
export const FLASH_BYTES = 0x80000;

/** A name of the program's. */
export interface Symbol {
  readonly name: string;
  readonly address: number;
  readonly bytes: number;
  readonly isFunction: boolean;
}

/** A program for the chip. */
export class Elf {
  /** By name; of several with the same the last. */
  readonly symbols = new Map<string, Symbol>();
  readonly #file: Buffer;
  readonly #functions: Symbol[];

  /** @throws Error when it is no such file */
  constructor(file: Buffer) {
    if (file.length < 52 || file.readUInt32LE(0) !== MAGIC) {
      throw new Error(
        "This is no ELF file; ESPRUINO_ELF is to name the one that Espruino's build leaves.",
      );
    }
    this.#file = file;
    this.#readSymbols();
    this.#functions = [...this.symbols.values()]
      .filter(({ isFunction }) => isFunction)
      .sort((a, b) => a.address - b.address);
  }

  /** Where a symbol is; throws when there is none of that name. */
  addressOf(name: string): number {
    return this.symbol(name).address;
  }

  /** A symbol; throws when there is none of that name. */
  symbol(name: string): Symbol {
    const found = this.symbols.get(name);
    if (!found) throw new Error(`The ELF file has no symbol ${name}; it may have been stripped.`);
    return found;
  }

  /** The function that an address is in. */
  functionAt(address: number): string {
    const code = address & ~1;
    const found = this.#functions.filter((each) => each.address <= code + 1).pop();
    const isInside = found && code < (found.address & ~1) + found.bytes;
    return isInside ? found.name : `0x${code.toString(16)}`;
  }

  /** Copies what belongs into flash to where it belongs. */
  copyTo(flash: Uint8Array): void {
    for (const { at, address, bytes } of this.#segments()) {
      flash.set(this.#file.subarray(at, at + bytes), address);
    }
  }

  /** The board that it was built for. @throws Error when that is none of ours */
  get board(): BoardName {
    const end = Math.max(...this.#segments().map(({ address, bytes }) => address + bytes));
    // Espruino's minimal build has the same name, but ends far from where the usual one has its Storage.
    const isUsual = end > LAYOUTS.puckjs.storage - FARTHEST_END;
    if (!this.#file.includes("\0PUCKJS\0") || !isUsual) {
      throw new Error(
        "ESPRUINO_ELF names a build for a board that there is no firmware for; it takes PUCKJS.",
      );
    }
    return "puckjs";
  }

  #segments(): { at: number; address: number; bytes: number }[] {
    const file = this.#file;
    return Array.from({ length: file.readUInt16LE(PROGRAM_HEADER_COUNT) }, (_, index) => {
      const header = file.readUInt32LE(PROGRAM_HEADERS) + index * PROGRAM_HEADER_BYTES;
      return {
        type: file.readUInt32LE(header),
        at: file.readUInt32LE(header + 4),
        address: file.readUInt32LE(header + 12),
        bytes: file.readUInt32LE(header + 16),
      };
    }).filter(({ type, address, bytes }) => type === LOAD && bytes && address < FLASH_BYTES);
  }

  #readSymbols(): void {
    const file = this.#file;
    const headers = file.readUInt32LE(SECTION_HEADERS);
    for (let index = 0; index < file.readUInt16LE(SECTION_HEADER_COUNT); index++) {
      const header = headers + index * SECTION_HEADER_BYTES;
      if (file.readUInt32LE(header + 4) !== SYMBOL_TABLE) continue;
      const start = file.readUInt32LE(header + 16);
      const end = start + file.readUInt32LE(header + 20);
      const names = file.readUInt32LE(
        headers + file.readUInt32LE(header + 24) * SECTION_HEADER_BYTES + 16,
      );
      for (let at = start; at < end; at += SYMBOL_BYTES) this.#readSymbol(at, names);
    }
  }

  #readSymbol(at: number, names: number): void {
    const file = this.#file;
    const nameAt = names + file.readUInt32LE(at);
    const name = file.toString("latin1", nameAt, file.indexOf(0, nameAt));
    if (!name) return;
    this.symbols.set(name, {
      name,
      address: file.readUInt32LE(at + 4),
      bytes: file.readUInt32LE(at + 8),
      isFunction: ((file[at + 12] as number) & 0xf) === FUNCTION,
    });
  }
}
