/**
 * What happens when nobody touches a desk: it is locked, and what it shows is wiped some time later.
 *
 * @module
 */
import type { Timers } from "../timers.ts";

/** From the lock on, in seconds. */
const WIPE_AFTER = 15 * 60;

/** What is done when. */
export interface IdleActions {
  /** Nobody was there for the time after which a desk is locked. @returns whether it is, so that it is wiped later */
  lock(): boolean;
  wipe(): void;
}

/** See the module's description. */
export class IdleLock {
  readonly #timers: Timers;
  readonly #lockAfter: number | undefined;
  readonly #actions: IdleActions;
  #cancel = (): void => {};

  /** @param lockAfter - in seconds; undefined for never */
  constructor(timers: Timers, lockAfter: number | undefined, actions: IdleActions) {
    this.#timers = timers;
    this.#lockAfter = lockAfter;
    this.#actions = actions;
  }

  /** Somebody is there: the time begins anew. */
  restart(): void {
    this.stop();
    if (this.#lockAfter === undefined) return;
    this.#cancel = this.#timers.after(this.#lockAfter * 1000, () => {
      if (!this.#actions.lock()) return;
      this.#cancel = this.#timers.after(WIPE_AFTER * 1000, () => this.#actions.wipe());
    });
  }

  /** Nothing is to be locked or wiped until {@link restart}. */
  stop(): void {
    this.#cancel();
    this.#cancel = () => {};
  }
}
