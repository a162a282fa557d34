import { crc32 } from "node:zlib";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import type { Board } from "../../firmware/board.ts";
import { PAGE_BYTES } from "../../protocol/flash-layout.ts";

/** Flash that can lose power in the middle of a write or an erase. */
export class FakeFlash {
  readonly bytes: Uint8Array;
  /** Words written and pages erased so far. */
  operations = 0;
  /** The operation at which power fails, and what it leaves: bits that have not changed yet. */
  cutAt = Number.POSITIVE_INFINITY;
  unchanged = 0xffffffff;

  constructor(pages: number) {
    this.bytes = new Uint8Array(pages * PAGE_BYTES).fill(0xff);
  }

  write(address: number, data: Uint8Array): void {
    for (let at = 0; at < data.length; at += 4) {
      const cut = this.operations++ === this.cutAt;
      for (let i = at; i < Math.min(at + 4, data.length); i++) {
        const keep = cut ? (this.unchanged >>> (8 * (i - at))) & 255 : 0;
        this.bytes[address + i]! &= data[i]! | keep;
      }
      if (cut) throw new PowerCut();
    }
  }

  erase(page: number): void {
    const cut = this.operations++ === this.cutAt;
    for (let i = page * PAGE_BYTES; i < (page + 1) * PAGE_BYTES; i++) {
      this.bytes[i]! |= cut ? (~this.unchanged >>> (8 * (i % 4))) & 255 : 255;
    }
    if (cut) throw new PowerCut();
  }
}

/** Thrown at a cut; a real token would be dark. */
export class PowerCut extends Error {}

/** The parts of a board that the flash duties use; everything else fails. */
export function fakeBoard(flash: FakeFlash): Board {
  const parts: Partial<Board> = {
    ...nodePrimitives,
    pages: flash.bytes.length / PAGE_BYTES,
    crc32: (bytes) => crc32(bytes),
    readFlash: (page, offset, length) =>
      flash.bytes.slice(page * PAGE_BYTES + offset, page * PAGE_BYTES + offset + length),
    writeFlash: (page, offset, bytes) => {
      flash.write(page * PAGE_BYTES + offset, bytes);
      const now = flash.bytes.subarray(
        page * PAGE_BYTES + offset,
        page * PAGE_BYTES + offset + bytes.length,
      );
      return Buffer.from(now).equals(bytes);
    },
    eraseFlash: (page) => {
      flash.erase(page);
      return flash.bytes
        .subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
        .every((byte) => byte === 255);
    },
  };
  return parts as Board;
}
