/**
 * The connection to the token of a card for the length of a visit. It stays open between actions, so that the wearer holds the
 * button once; when it was lost meanwhile, the next action looks for the token again.
 *
 * @module
 */
import { Failure } from "../failure.ts";
import type { Timers } from "../timers.ts";
import { openToken } from "../token/open-token.ts";
import type { TokenClient, TokenStatus } from "../token/token-client.ts";
import type { Job } from "./job.ts";
import type { SharedRadio } from "./shared-radio.ts";

/** A token closes its sync window 60 s after the last request (docs/sync-protocol.md). */
const KEEP_ALIVE_MILLISECONDS = 30_000;

/** What a connection is made with. */
export interface ConnectionMeans {
  readonly radio: SharedRadio;
  /** What the link lives by. */
  readonly linkTimers: Timers;
  /** For what is to be done now and then. */
  readonly timers: Timers;
}

/** See the module's description. */
export class TokenConnection {
  readonly #key: Uint8Array;
  readonly #means: ConnectionMeans;
  #client: TokenClient | undefined;
  /** Ends the client, and any search for its token. */
  #end = new AbortController();
  #isClosed = false;
  /** The action for which the token is looked for when it is lost. */
  #job: Job | undefined;
  /** Settles when nobody talks to the token between actions. */
  #quiet: Promise<unknown> = Promise.resolve();
  #cancelKeepAlive = (): void => {};

  /** @param key - from the card, 16 bytes */
  constructor(key: Uint8Array, means: ConnectionMeans) {
    this.#key = key;
    this.#means = means;
  }

  /** Whether there was a connection when it was last used; it may have been lost since. */
  get isOpen(): boolean {
    return this.#client !== undefined;
  }

  /**
   * Serves the token in an action, one at a time.
   *
   * @param serve - gets the token's status, which was read just now
   * @throws Failure those of radio and token, and of `serve`
   */
  async use<T>(
    job: Job,
    serve: (client: TokenClient, status: TokenStatus) => Promise<T>,
  ): Promise<T> {
    this.#cancelKeepAlive();
    await this.#quiet;
    this.#cancelKeepAlive();
    try {
      const known = await this.#statusInPassing();
      this.#job = job;
      if (known) job.step("connected");
      const client = this.#client ?? (await this.#find(job));
      return await serve(client, known ?? (await client.status()));
    } finally {
      this.#job = undefined;
      this.#keepAlive();
    }
  }

  /** The action that uses the token goes on without it: if it is lost from now on, it is not looked for. */
  letGo(): void {
    this.#job = undefined;
  }

  /** Ends the connection for good, whoever uses it. */
  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  async #find(job: Job): Promise<TokenClient> {
    // Whoever has closed it has switched the radio off, too.
    if (this.#isClosed) throw lost();
    job.step("searching");
    const end = new AbortController();
    this.#end = end;
    try {
      const radio = await this.#means.radio.get();
      end.signal.throwIfAborted();
      const client = await openToken(
        radio,
        this.#means.linkTimers,
        this.#key,
        {
          onOther: () => this.#job?.foundOther(),
          onFound: () => this.#job?.found(),
          // Otherwise nobody waits for the token, which may have gone.
          onLost: () => (this.#job ? this.#job.lost() : end.abort(lost())),
        },
        end.signal,
      );
      this.#client = client;
      if (this.#isClosed) this.#drop();
      return client;
    } catch (error) {
      // Perhaps the adapter was unplugged, and comes back as another one.
      const isOfRadio = error instanceof Failure && error.code.startsWith("bluetooth-");
      if (isOfRadio && !this.#isClosed) await this.#means.radio.close();
      throw error;
    }
  }

  // The status, if the token is still there; otherwise the connection is given up.
  async #statusInPassing(): Promise<TokenStatus | undefined> {
    try {
      return await this.#client?.status();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#drop();
      return undefined;
    }
  }

  #keepAlive(): void {
    if (!this.#client) return;
    this.#cancelKeepAlive = this.#means.timers.after(KEEP_ALIVE_MILLISECONDS, () => {
      this.#quiet = this.#statusInPassing().then(() => this.#keepAlive());
    });
  }

  #drop(): void {
    this.#cancelKeepAlive();
    this.#end.abort(lost());
    this.#client?.close();
    this.#client = undefined;
  }
}

function lost(): Failure {
  return new Failure(
    "link-lost",
    "The connection to the token has ended; hold its button until the blue light comes on, then try again.",
  );
}
