import { inspect } from "node:util";
import { Failure } from "../failure.ts";

/**
 * A secret that is kept in memory until it has been used: a code, or a token that stands for one. It
 * shows in no log, no JSON and no inspection.
 */
export class Forgettable {
  #value: string | undefined;

  constructor(value: string) {
    this.#value = value;
  }

  /** @throws Failure `token-invalid` once it was forgotten */
  reveal(): string {
    if (this.#value !== undefined) return this.#value;
    throw new Failure(
      "token-invalid",
      "The look-up was used up when keys were published; look the code up again.",
    );
  }

  /** Ends it. */
  forget(): void {
    this.#value = undefined;
  }

  toJSON(): string {
    return "(secret)";
  }

  [inspect.custom](): string {
    return "(secret)";
  }
}
