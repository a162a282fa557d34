/**
 * Time and chance, as back-off and chaff need them.
 *
 * @module
 */
import { systemTimers, type Timers } from "../timers.ts";

/** Where time comes from. */
export interface Pace {
  /** Unix seconds. */
  now(): number;
  /** Waits so many seconds; ends early, without an error, once the signal is aborted. */
  wait(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The time of a clock. @param now - Unix seconds */
export function paceOf(timers: Timers, now: () => number): Pace {
  return {
    now,
    wait: (seconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const finish = () => {
          cancel();
          signal?.removeEventListener("abort", finish);
          resolve();
        };
        const cancel = timers.after(seconds * 1000, finish);
        signal?.addEventListener("abort", finish);
      }),
  };
}

/** This computer's clock. */
export const systemPace: Pace = paceOf(systemTimers, () => Date.now() / 1000);

/** Source of random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** A number from 0 up to, but not, 1, with 48 random bits. */
export function fraction(random: RandomBytes): number {
  return Buffer.from(random(6)).readUIntBE(0, 6) / 2 ** 48;
}
