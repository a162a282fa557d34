import { PAGE_BYTES } from "../../../protocol/flash-layout.ts";

/** One change of flash: a word written, or a page erased when there is no word. */
export interface Operation {
  readonly address: number;
  readonly word?: number;
}

/** Thrown when power fails; a real token would be dark. */
export class PowerCut extends Error {}

/** Flash that keeps a record of its changes, and can lose power in the middle of any. */
export class FakeFlash {
  readonly bytes: Uint8Array;
  readonly operations: Operation[] = [];
  /** The operation at which power fails, and what of it is left undone: bits that have not changed. */
  cutAt = Number.POSITIVE_INFINITY;
  unchanged = 0;
  /** Whether power has failed: nothing is changed any more, even if the firmware should catch that and go on. */
  isDark = false;
  /** Says whether flash does not perform an operation, as when the radio is in its way; `count` came before it. */
  fails = (_operation: Operation, _count: number): boolean => false;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Returns whether all words were written. */
  write(address: number, data: Uint8Array): boolean {
    if (address % 4 || data.length % 4) throw new Error("Flash is written in whole words");
    const words = new Uint32Array(Uint8Array.from(data).buffer);
    return words.reduce(
      (done, word, index) => this.#apply({ address: address + 4 * index, word }) && done,
      true,
    );
  }

  /** Returns whether the page was erased. */
  erase(page: number): boolean {
    return this.#apply({ address: page * PAGE_BYTES });
  }

  #apply(operation: Operation): boolean {
    if (this.isDark) throw new PowerCut();
    const count = this.operations.length;
    const cut = count === this.cutAt;
    const fails = this.fails(operation, count);
    this.operations.push(operation);
    if (!fails) perform(this.bytes, operation, cut ? this.unchanged : 0);
    this.isDark = cut;
    if (cut) throw new PowerCut();
    return !fails;
  }
}

/** Performs an operation on the contents of flash, except for the bits that are `unchanged`. */
export function perform(bytes: Uint8Array, { address, word }: Operation, unchanged: number): void {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const at = address / 4;
  if (word !== undefined) {
    (words[at] as number) &= word | unchanged;
  } else {
    for (let i = at; i < at + PAGE_BYTES / 4; i++) (words[i] as number) |= ~unchanged;
  }
}
