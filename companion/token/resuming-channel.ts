/**
 * A channel that outlives its connection: when that is lost, the token is looked for again, and the request that was not
 * answered is sent once more in a new session. Every request may be: done twice it leaves the token as once. (Consent to
 * publish ends with the sync window; if that has closed meanwhile, keys are refused.)
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
  #channel: Channel;
  /** Why there is no channel any more. */
  #end: Failure | undefined;

  /**
   * @param channel - open already
   * @param open - opens another channel to the same token
   */
  constructor(channel: Channel, open: () => Promise<Channel>) {
    this.#channel = channel;
    this.#open = open;
  }

  async request(make: () => Uint8Array): Promise<Uint8Array> {
    for (let losses = 0; ; losses++) {
      // Whoever cleans up after a failure is not to wait for the token once more.
      if (this.#end) throw this.#end;
      try {
        return await this.#channel.request(make);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        this.#channel.close();
        if (error.code !== "link-lost" || losses === LOSSES) this.#end ??= error;
        else if (!this.#end) await this.#reopen(error);
      }
    }
  }

  close(): void {
    this.#end ??= new Failure(
      "link-lost",
      "The connection to the token has been ended; start the visit again.",
    );
    this.#channel.close();
  }

  async #reopen(loss: Failure): Promise<void> {
    try {
      this.#channel = await this.#open();
      if (this.#end) this.#channel.close();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Others may have been near, but this one is the card's.
      this.#end = error.code === "wrong-token" ? loss : error;
    }
  }
}
