/** How long calls took, in milliseconds. */
export class Latencies {
  readonly #all: number[] = [];

  async measure(call: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    await call();
    this.#all.push(performance.now() - began);
  }

  /** Such as `median 3 ms, 99 % within 20 ms, at most 31 ms (of 500)`. */
  toString(): string {
    const sorted = [...this.#all].sort((a, b) => a - b);
    const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
    return `median ${at(0.5)} ms, 99 % within ${at(0.99)} ms, at most ${at(1)} ms (of ${sorted.length})`;
  }
}
