import type { Timers } from "../../companion/timers.ts";

interface Waiting {
  readonly at: number;
  readonly action: () => void;
}

/** Time-outs on a clock that only a test moves. */
export class ManualTimers implements Timers {
  #now = 0;
  readonly #waiting = new Set<Waiting>();

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  after = (milliseconds: number, action: () => void): (() => void) => {
    const waiting = { at: this.#now + milliseconds, action };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  };

  /** Lets so many seconds pass. */
  pass(seconds: number): void {
    const end = this.#now + seconds * 1000;
    for (;;) {
      const [next] = [...this.#waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = next.at;
      this.#waiting.delete(next);
      next.action();
    }
    this.#now = end;
  }
}
