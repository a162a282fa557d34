import { Failure } from "../failure.ts";
import { type Outcome, tryAgain } from "./back-off.ts";
import { baseAddress } from "./export-address.ts";
import { CALL_LIMITS, exchange, type JsonAnswer, jsonPost, postJson } from "./http-exchange.ts";
import type { Pace, RandomBytes } from "./pace.ts";
import { refusal } from "./refusals.ts";

/** For how many seconds a call is begun again while a person waits for its answer. */
const CALL_PATIENCE = 10;

/** What all calls need besides an address. */
export interface CallerMeans {
  readonly fetch: typeof globalThis.fetch;
  readonly pace: Pace;
  readonly random: RandomBytes;
  /** Called before a call is made again, with the seconds until then. */
  readonly onPause?: ((seconds: number) => void) | undefined;
}

/** Makes the calls of one server. */
export class Caller {
  readonly pace: Pace;
  readonly random: RandomBytes;
  readonly #base: URL;
  readonly #fetch: typeof globalThis.fetch;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #onPause: ((seconds: number) => void) | undefined;

  /**
   * @param headers - sent with every call
   * @throws Failure `server-address-invalid`
   */
  constructor(address: string, means: CallerMeans, headers: Readonly<Record<string, string>> = {}) {
    this.pace = means.pace;
    this.random = means.random;
    this.#base = baseAddress(address);
    this.#fetch = means.fetch;
    this.#headers = headers;
    this.#onPause = means.onPause;
  }

  /**
   * Posts a body until there is an answer that will stay, but begins no attempt after `until` (Unix
   * seconds), nor once the signal is aborted. Pauses go on from so many failures before.
   */
  attempt(
    path: string,
    body: string,
    until: number,
    failures: number,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    return this.#attempt(path, body, {}, until, failures, signal);
  }

  /**
   * Posts a body, and again for some seconds while its failure may pass.
   *
   * @param lost - the Failure for a refusal after an answer may have been lost, if that changes its meaning
   * @returns an answer that is a success
   * @throws Failure those of {@link refusal} and {@link exchange}
   */
  async call(
    path: string,
    body: string,
    headers: Readonly<Record<string, string>> = {},
    lost: (refused: Failure) => Failure = (refused) => refused,
  ): Promise<JsonAnswer> {
    const until = this.pace.now() + CALL_PATIENCE;
    const { last, uncertain } = await this.#attempt(path, body, headers, until);
    if (last instanceof Failure) throw last;
    if (last.status >= 200 && last.status <= 299) return last;
    const refused = this.refusal(last);
    throw uncertain ? lost(refused) : refused;
  }

  /** Posts a body that means nothing, and does not look at the answer. @returns whether there was one */
  async chaff(
    path: string,
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    const init = jsonPost(body, { ...this.#headers, ...headers });
    const url = new URL(path, this.#base);
    return exchange(this.#fetch, url, init, CALL_LIMITS).then(() => true, notReached);
  }

  /** The Failure for an answer that is no success. */
  refusal({ status, headers, json }: JsonAnswer): Failure {
    return refusal(status, headers, json, this.pace.now());
  }

  #attempt(
    path: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    until: number,
    failures = 0,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    const url = new URL(path, this.#base);
    return tryAgain(() => postJson(this.#fetch, url, body, { ...this.#headers, ...headers }), {
      pace: this.pace,
      random: this.random,
      until,
      failures,
      signal,
      onPause: this.#onPause,
    });
  }
}

function notReached(error: unknown): boolean {
  if (error instanceof Failure) return false;
  throw error;
}
