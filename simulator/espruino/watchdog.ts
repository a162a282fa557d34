/**
 * The chip's watchdog, as `E.enableWatchdog(seconds, false)` starts it: it cannot be stopped but by a reset.
 *
 * @module
 */
import type { Event, Timeline } from "../timeline.ts";

/** See the module's description. */
export class Watchdog {
  /** How often it has reset the chip. */
  resets = 0;

  readonly #timeline: Timeline;
  readonly #reset: () => void;
  #timeout = 0;
  #kickedAt = 0;
  #event: Event | undefined;

  /** @param reset - restarts the chip */
  constructor(timeline: Timeline, reset: () => void) {
    this.#timeline = timeline;
    this.#reset = reset;
  }

  /** From now on it wants to be kicked that often; once started it keeps to its first time. */
  start(seconds: number): void {
    this.kick();
    if (this.#event) return;
    this.#timeout = seconds * 1000;
    this.#wait(this.#timeout);
  }

  /** Kicks it. */
  kick(): void {
    this.#kickedAt = this.#timeline.now;
  }

  /** Power is gone. */
  stop(): void {
    if (this.#event) this.#timeline.cancel(this.#event);
    this.#event = undefined;
  }

  // Kicks are many and resets few: it looks at the last kick when its time is over.
  #wait(milliseconds: number): void {
    this.#event = this.#timeline.after(milliseconds, () => {
      const left = this.#kickedAt + this.#timeout - this.#timeline.now;
      if (left > 0) return this.#wait(left);
      this.#event = undefined;
      this.resets++;
      this.#reset();
    });
  }
}
