/**
 * The computer's radio, which one visit after the other uses: open only while one needs it, so that other programs can have the
 * adapter meanwhile, and never open twice.
 *
 * @module
 */
import type { TokenRadio } from "../token/gatt-link.ts";

/** A radio that is in use. */
export type OpenRadio = TokenRadio & { close(): Promise<void> };

/** See the module's description. */
export class SharedRadio {
  readonly #open: () => Promise<OpenRadio>;
  #radio: Promise<OpenRadio> | undefined;
  #closed: Promise<void> = Promise.resolve();

  /** @param open - switches it on */
  constructor(open: () => Promise<OpenRadio>) {
    this.#open = open;
  }

  /** The radio, switched on if need be once it was switched off. @throws Failure of the radio; the next call tries again */
  async get(): Promise<TokenRadio> {
    this.#radio ??= this.#closed.then(this.#open);
    const radio = this.#radio;
    try {
      return await radio;
    } catch (error) {
      // Not one that the next visit waits for already.
      if (this.#radio === radio) this.#radio = undefined;
      throw error;
    }
  }

  /** Switches it off. @returns when it is; never rejects */
  close(): Promise<void> {
    const radio = this.#radio;
    this.#radio = undefined;
    if (radio) {
      this.#closed = radio.then((open) => open.close()).catch(() => {});
    }
    return this.#closed;
  }
}
