/**
 * Shows signals, see `protocol/signals.ts`.
 *
 * @module
 */
import * as board from "#board";
import { BLUE, RED, type Signal } from "../protocol/signals.ts";
import type { Timer } from "./board.ts";

/** Runs while a signal is being shown. */
export let showing: Timer;
let colour = RED;
/** Whether the sync window is open. */
export let isWindowOpen = false;

function step(signal: Signal, left: number): void {
  board.light(colour, left % 2 === 1);
  if (!left) board.light(BLUE, isWindowOpen);
  showing = left ? board.after(() => step(signal, left - 1), signal >> 5) : undefined;
}

/** Shows a signal once, in place of one that is being shown. */
export function show(signal: Signal): void {
  board.cancel(showing);
  board.light(colour, false);
  colour = signal & 3;
  // Twice its flashes.
  step(signal, ((signal >> 1) & 14) - 1);
}

/** Switches the blue light that stays on beside all signals, while a desk may connect. */
export function showWindow(on: boolean): void {
  isWindowOpen = on;
  board.light(BLUE, on);
}
