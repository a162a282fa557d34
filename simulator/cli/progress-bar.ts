/**
 * Progress of something long, for a person at a terminal.
 *
 * @module
 */

const WIDTH = 30;
/** Before so much is done, nobody can say how long the rest takes. */
const LEAST_FOR_ESTIMATE = 0.02;

/** Seconds as a person says them: `45 s`, `3 min`, `1 h 20 min`. */
export function inWords(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The line that shows that a share (0 to 1) is done after so many seconds. */
export function barOf(label: string, done: number, seconds: number): string {
  const filled = Math.round(WIDTH * done);
  const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
  const left = done >= LEAST_FOR_ESTIMATE ? `, ${inWords((seconds * (1 - done)) / done)} left` : "";
  return `${label} ${bar} ${Math.floor(100 * done)} %${left}`;
}

/** Shows a bar on standard error where that is a terminal. */
export class ProgressBar {
  readonly #label: string;
  readonly #started = performance.now();
  readonly #isShown = process.stderr.isTTY === true;
  #line = "";

  constructor(label: string) {
    this.#label = label;
  }

  /** @param done - 0 to 1 */
  show(done: number): void {
    if (!this.#isShown) return;
    const line = barOf(this.#label, done, (performance.now() - this.#started) / 1000);
    if (line === this.#line) return;
    this.#line = line;
    process.stderr.write(`\r\x1b[K${line}`);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#isShown) process.stderr.write("\r\x1b[K");
  }
}
