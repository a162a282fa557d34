/**
 * Time and chance, as back-off and chaff need them.
 *
 * @module
 */

/** Where time comes from. */
export interface Pace {
  /** Unix seconds. */
  now(): number;
  /** Waits so many seconds; ends early, without an error, once the signal is aborted. */
  wait(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** This computer's clock. */
export const systemPace: Pace = {
  now: () => Date.now() / 1000,
  wait: (seconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const timer = setTimeout(finish, seconds * 1000);
      signal?.addEventListener("abort", finish);
    }),
};

/** Source of random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** A number from 0 up to, but not, 1, with 48 random bits. */
export function fraction(random: RandomBytes): number {
  return Buffer.from(random(6)).readUIntBE(0, 6) / 2 ** 48;
}
