import { fraction, type Pace, type RandomBytes } from "./pace.ts";

const DAY = 24 * 60 * 60;

/** How to send chaff. */
export interface ChaffSchedule {
  /** Mean number a day. */
  readonly perDay: number;
  readonly pace: Pace;
  readonly random: RandomBytes;
  /** Ends the schedule when it is aborted. */
  readonly signal: AbortSignal;
  /** Sends one. */
  readonly send: () => Promise<void>;
}

/**
 * Sends chaff at random times until it is stopped: a Poisson process, whose next time says nothing about
 * the ones before, and which nobody can tell from publications by its rhythm.
 */
export async function sendChaff(schedule: ChaffSchedule): Promise<void> {
  const { perDay, pace, random, signal, send } = schedule;
  for (;;) {
    await pace.wait(gap(perDay, random), signal);
    if (signal.aborted) return;
    await send();
  }
}

/** Seconds until the next of so many a day: exponentially distributed. */
function gap(perDay: number, random: RandomBytes): number {
  return (-Math.log(1 - fraction(random)) * DAY) / perDay;
}
