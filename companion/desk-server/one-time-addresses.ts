/**
 * @module
 */
import { equalSecrets, newSecret, type Random } from "./secret.ts";

/** Seconds for which a one-time address can be opened. */
const LIFETIME = 60;

/**
 * Secrets that are good for one use within a minute. Browsers are started with them, because everybody on a computer can read
 * in its list of processes what one was started with.
 */
export class OneTimeAddresses {
  readonly #now: () => number;
  readonly #random: Random;
  #open: { readonly secret: string; readonly until: number }[] = [];

  /** @param now - present time in Unix seconds */
  constructor(now: () => number, random: Random) {
    this.#now = now;
    this.#random = random;
  }

  /** Makes a secret. */
  issue(): string {
    const secret = newSecret(this.#random);
    this.#open.push({ secret, until: this.#now() + LIFETIME });
    return secret;
  }

  /** Whether it may be used now; it is used up then. */
  use(secret: string): boolean {
    const now = this.#now();
    const usable = this.#open.filter(({ until }) => now < until);
    this.#open = usable.filter((each) => !equalSecrets(each.secret, secret));
    return this.#open.length < usable.length;
  }
}
