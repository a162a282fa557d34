/**
 * Flash as Espruino's `Flash` library shows it: writing only clears bits, erasing sets a whole page to ones. It
 * fails loudly where the chip would wear out or forget: an nRF52832 allows 181 writes of words to a block of
 * 512 bytes between two erasures (product specification 1.8, "NVMC", nWRITE). Words that are not aligned would be
 * written twice, so they are refused.
 *
 * @module
 */
import { PAGE_BYTES } from "../../protocol/flash-layout.ts";
import type { Observer } from "./activity.ts";

const BLOCK_BYTES = 512;
const MOST_BLOCK_WRITES = 181;

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

/**
 * Makes a flash that holds `image` and starts at `address`.
 *
 * @param report - is told of each write and erasure
 */
export function createFlash(
  address: number,
  image: Uint8Array,
  report: Observer = () => {},
): FlashModel {
  const bytes = new Uint8Array(image);
  const erases = new Uint32Array(bytes.length / PAGE_BYTES);
  const blockWrites = new Uint16Array(bytes.length / BLOCK_BYTES);

  function countWrite(offset: number): void {
    const block = Math.floor(offset / BLOCK_BYTES);
    const count = (blockWrites[block] as number) + 1;
    if (count > MOST_BLOCK_WRITES) throw new Error("Flash: a block was written to too often");
    blockWrites[block] = count;
  }

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
        if (offset % 4 || data.length % 4) throw new Error("Flash: not written in whole words");
        report({ what: "flash", bytes: data.length });
        if (model.failing) return;
        for (let at = offset; at < offset + data.length; at += 4) countWrite(at);
        for (let i = 0; i < data.length; i++) (bytes[offset + i] as number) &= data[i] as number;
      },
      erasePage: (at) => {
        const page = Math.floor(offsetOf(at, 1) / PAGE_BYTES);
        report({ what: "erase" });
        if (model.failing) return;
        bytes.fill(0xff, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
        const first = (page * PAGE_BYTES) / BLOCK_BYTES;
        blockWrites.fill(0, first, first + PAGE_BYTES / BLOCK_BYTES);
        (erases[page] as number)++;
      },
    },
  };
  return model;
}
