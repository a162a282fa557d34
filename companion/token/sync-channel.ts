/**
 * An authenticated channel to a token over a connection that loses notifications: one request at a time, each
 * repeated byte for byte when its response got lost. The token answers a repeated request with the same response again
 * and does nothing twice.
 *
 * @module
 */
import { createAssembler } from "../../protocol/frames.ts";
import { MAX_MESSAGE } from "../../protocol/messages.ts";
import { Failure } from "../failure.ts";
import type { Timers } from "../timers.ts";
import { DeskSession } from "./desk-session.ts";
import type { GattLink } from "./gatt-link.ts";
import type { Channel } from "./token-client.ts";

const RESPONSE_MILLISECONDS = 3000;
const ATTEMPTS = 4;

/** An open channel on one connection. */
export class SyncChannel implements Channel {
  readonly #link: GattLink;
  readonly #timers: Timers;
  readonly #session: DeskSession;
  #lost = false;
  #onFragment: (fragment: Uint8Array) => void = () => {};
  #onLost: () => void = () => {};

  private constructor(link: GattLink, timers: Timers, session: DeskSession) {
    this.#link = link;
    this.#timers = timers;
    this.#session = session;
    link.onNotification((fragment) => this.#onFragment(fragment));
    link.onDisconnect(() => {
      this.#lost = true;
      this.#onLost();
    });
  }

  /**
   * Begins a session on a new connection.
   *
   * @param tokenKey - from the card, 16 bytes
   * @throws Failure `wrong-token` when the token does not know the key, `token-silent`, `link-lost`
   */
  static async open(link: GattLink, timers: Timers, tokenKey: Uint8Array): Promise<SyncChannel> {
    const session = new DeskSession(tokenKey);
    const channel = new SyncChannel(link, timers, session);
    const known = await channel.#exchange(session.hello, (answer) => session.begin(answer));
    if (known) return channel;
    throw new Failure(
      "wrong-token",
      "This token does not belong to the card; take the token that has the card's serial number.",
    );
  }

  /**
   * Sends a request and waits for its response.
   *
   * @throws Failure `token-silent` when there is none, `link-lost`, `session-over`
   */
  request(make: () => Uint8Array): Promise<Uint8Array> {
    // What does not open was not the token's, or was damaged: it is waited for again.
    return this.#exchange(this.#session.seal(make()), (sealed) => this.#session.open(sealed));
  }

  /** Ends the connection. */
  close(): void {
    this.#link.disconnect();
  }

  // Writes until the whole response has come, and `open` has made something of it.
  async #exchange<T>(bytes: Uint8Array, open: (response: Uint8Array) => T | undefined): Promise<T> {
    const { counter } = this.#session;
    // Kept over the attempts: a repeated response fills in the fragments that were lost.
    let assembler = createAssembler(counter, MAX_MESSAGE);
    const take = (fragment: Uint8Array): T | undefined => {
      const response = assembler.accept(fragment);
      if (!response) return undefined;
      assembler = createAssembler(counter, MAX_MESSAGE);
      return open(response);
    };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const result = await this.#attempt(bytes, take);
      if (result !== undefined) return result;
    }
    throw new Failure(
      "token-silent",
      "The token does not answer; bring it closer and hold its button until the blue light comes on, then try again.",
    );
  }

  // Writes once; undefined when nothing whole came in time.
  async #attempt<T>(
    bytes: Uint8Array,
    take: (fragment: Uint8Array) => T | undefined,
  ): Promise<T | undefined> {
    let cancel = (): void => {};
    try {
      return await new Promise<T | undefined>((resolve, reject) => {
        const lost = (): void => reject(linkLost());
        if (this.#lost) return lost();
        this.#onLost = lost;
        this.#onFragment = (fragment) => {
          const result = take(fragment);
          if (result !== undefined) resolve(result);
        };
        cancel = this.#timers.after(RESPONSE_MILLISECONDS, () => resolve(undefined));
        this.#link.write(bytes).catch(lost);
      });
    } finally {
      cancel();
      this.#onFragment = () => {};
      this.#onLost = () => {};
    }
  }
}

function linkLost(): Failure {
  return new Failure(
    "link-lost",
    "The connection to the token was lost before it had answered; hold its button until the blue light comes on, then try again.",
  );
}
