/**
 * Espruino's strings lie in memory that an `ArrayBuffer` may refer to, so that their letters change; the host's do not.
 *
 * @module
 */

/** What `E.toString` makes in the simulated Espruino: a text whose letters are `bytes`. */
export class TextInMemory {
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(data: ArrayLike<number>) {
    this.bytes = Uint8Array.from(data);
  }

  toString(): string {
    return String.fromCharCode(...this.bytes);
  }
}

/** The calls of `E` that make such texts and refer to them, and that takes letters out of the host's strings. */
export const textCalls = {
  toString: (data: ArrayLike<number>): TextInMemory => new TextInMemory(data),
  toArrayBuffer: (text: TextInMemory): ArrayBuffer => text.bytes.buffer,
  toUint8Array: (text: string): Uint8Array =>
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
};
