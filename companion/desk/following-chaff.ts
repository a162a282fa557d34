/**
 * What follows a look-up on the line when nothing is published with it: what an observer sees of a publication, but none. See
 * `docs/servers.md`, section Chaff.
 *
 * @module
 */
import { visitSeconds } from "../servers/key-server-client.ts";
import type { RandomBytes } from "../servers/pace.ts";
import type { Timers } from "../timers.ts";

/** What chaff is sent with. */
export interface ChaffMeans {
  /** Sends it; whether a server answered makes no difference. */
  readonly send: () => Promise<unknown>;
  readonly timers: Timers;
  readonly random: RandomBytes;
}

/** A look-up that nothing was published with yet. */
interface Pending {
  /** Whether a visit would have taken as long by now. */
  isDue: boolean;
  /** Whether nothing will be published with it. */
  isDecided: boolean;
  readonly cancel: () => void;
}

/** See the module's description; it holds nothing of a wearer. */
export class FollowingChaff {
  readonly #means: ChaffMeans | undefined;
  #pending: Pending | undefined;
  #sending: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** @param means - undefined for a desk that sends no chaff */
  constructor(means: ChaffMeans | undefined) {
    this.#means = means;
  }

  /**
   * A test was looked up just now.
   *
   * @param isDecided - whether nothing can be published with it, since it is not positive
   */
  lookedUp(isDecided: boolean): void {
    this.forget();
    if (!this.#means || this.#isClosed) return;
    const { timers, random } = this.#means;
    const pending: Pending = {
      isDue: false,
      isDecided,
      cancel: timers.after(visitSeconds(random) * 1000, () => {
        pending.isDue = true;
        this.#sendIfDue();
      }),
    };
    this.#pending = pending;
  }

  /** Nothing will be published with the test that was looked up. */
  decided(): void {
    if (this.#pending) this.#pending.isDecided = true;
    this.#sendIfDue();
  }

  /** The calls of a publication are made, or the desk is closed: nothing is to follow. */
  forget(): void {
    this.#pending?.cancel();
    this.#pending = undefined;
  }

  /** Before another look-up: sends what is to follow the one before, since no publication would come later. */
  async beforeLookUp(): Promise<void> {
    if (this.#pending) this.#send();
    await this.#sending;
  }

  /** Ends it. @returns when nothing is under way any more */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.forget();
    await this.#sending;
  }

  #sendIfDue(): void {
    if (this.#pending?.isDue && this.#pending.isDecided) this.#send();
  }

  #send(): void {
    this.forget();
    this.#sending = this.#sending.then(() => this.#means?.send()).catch(() => {});
  }
}
