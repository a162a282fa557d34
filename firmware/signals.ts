/**
 * What the token tells its wearer: few signals, told apart by colour, number and length.
 *
 * @module
 */
import { BLUE, type Board, GREEN, RED, type Timer } from "./board.ts";

/** A signal: colour, number of flashes, length of each in milliseconds. */
export type Signal = readonly [colour: number, flashes: number, milliseconds: number];

/** Contact detection is on. */
export const SIGNAL_ON: Signal = [GREEN, 1, 200];
/** Contact detection is off. */
export const SIGNAL_OFF: Signal = [BLUE, 2, 200];
/** The clock is not set: take the token to a desk. */
export const SIGNAL_NEEDS_DESK: Signal = [BLUE, 4, 200];
/** There was an exposure with high risk: follow the advice given at the desk. */
export const SIGNAL_EXPOSURE: Signal = [RED, 3, 600];

/** See the module's description. */
export interface Signals {
  /** Shows a signal once, in place of one that is being shown. */
  show(signal: Signal): void;
}

/** Makes the signals of a board. */
export function createSignals(board: Board): Signals {
  let timer: Timer;
  let colour = RED;

  function step(signal: Signal, left: number): void {
    const on = left % 2 === 1;
    board.light(colour, on);
    timer = left ? board.after(signal[2], () => step(signal, left - 1)) : undefined;
  }

  return {
    show: (signal) => {
      board.cancel(timer);
      board.light(colour, false);
      colour = signal[0];
      step(signal, 2 * signal[1] - 1);
    },
  };
}
