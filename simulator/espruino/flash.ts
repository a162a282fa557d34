/**
 * Internal flash of an nRF52832 as Espruino's `Flash` library shows it: writing only clears bits, erasing sets
 * a whole page to ones.
 *
 * @module
 */
import { PAGE_BYTES } from "../../protocol/flash-layout.ts";

/** The `Flash` module, and what a developer may want to look at. */
export interface FlashModel {
  /** What is stored, from `address` on. */
  readonly bytes: Uint8Array;
  /** How often each page was erased. */
  readonly erases: Uint32Array;
  /** Makes writes fail silently while true, as a busy radio does. */
  failing: boolean;
  /** What `require("Flash")` returns. */
  readonly module: {
    read(length: number, address: number): Uint8Array | undefined;
    write(data: Uint8Array, address: number): void;
    erasePage(address: number): void;
  };
}

/** Makes a flash that holds `image` and starts at `address`. */
export function createFlash(address: number, image: Uint8Array): FlashModel {
  const bytes = new Uint8Array(image);
  const erases = new Uint32Array(bytes.length / PAGE_BYTES);

  function offsetOf(at: number, length: number): number {
    const offset = at - address;
    if (!Number.isInteger(offset) || offset < 0 || offset + length > bytes.length) {
      throw new Error(`Flash: ${length} bytes at 0x${at.toString(16)} lie outside Storage`);
    }
    return offset;
  }

  const model: FlashModel = {
    bytes,
    erases,
    failing: false,
    module: {
      read: (length, at) => {
        if (length === 0) return undefined;
        const offset = offsetOf(at, length);
        return bytes.slice(offset, offset + length);
      },
      write: (data, at) => {
        const offset = offsetOf(at, data.length);
        if (model.failing) return;
        for (let i = 0; i < data.length; i++) (bytes[offset + i] as number) &= data[i] as number;
      },
      erasePage: (at) => {
        const page = Math.floor(offsetOf(at, 1) / PAGE_BYTES);
        if (model.failing) return;
        bytes.fill(0xff, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
        (erases[page] as number)++;
      },
    },
  };
  return model;
}
