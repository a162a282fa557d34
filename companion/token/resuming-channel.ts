/**
 * A channel that outlives its connection: when that is lost, the token is looked for again, and the request that was not
 * answered is sent once more in a new session. Every request may be: done twice it leaves the token as once.
 *
 * @module
 */
import { Failure } from "../failure.ts";
import type { Channel } from "./token-client.ts";

/** How often one request may lose its connection. */
const LOSSES = 5;

/** See the module's description. */
export class ResumingChannel implements Channel {
  readonly #open: () => Promise<Channel>;
  readonly #onLost: () => void;
  #channel: Channel;
  #isClosed = false;

  /**
   * @param channel - open already
   * @param open - opens another channel to the same token
   * @param onLost - told of each lost connection, before the token is looked for again
   */
  constructor(channel: Channel, open: () => Promise<Channel>, onLost: () => void) {
    this.#channel = channel;
    this.#open = open;
    this.#onLost = onLost;
  }

  async request(make: () => Uint8Array): Promise<Uint8Array> {
    for (let losses = 0; ; losses++) {
      try {
        return await this.#channel.request(make);
      } catch (error) {
        const isLost = error instanceof Failure && error.code === "link-lost";
        if (!isLost || this.#isClosed || losses === LOSSES) throw error;
        this.#channel.close();
        this.#onLost();
        this.#channel = await this.#open();
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#channel.close();
  }
}
