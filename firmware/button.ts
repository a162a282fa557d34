/**
 * The wearer's one button: pressed shortly, it shows the state; held for 3 seconds, it opens the sync window
 * when let go; held for 10 seconds, it pauses or resumes. A light tells which of them it has come to.
 *
 * @module
 */
import * as board from "#board";
import { BLUE, GREEN, PAUSE_PRESS_SECONDS, SYNC_PRESS_SECONDS } from "../protocol/signals.ts";
import type { Timer } from "./board.ts";
import { openSync } from "./sync.ts";
import { showState, togglePause } from "./wearer.ts";

const SHORT = 0;
const LONG = 1;
const VERY_LONG = 2;

let timer: Timer;
let length = VERY_LONG;

function holdOn(): void {
  timer = undefined;
  length++;
  board.light(GREEN, false);
  board.light(BLUE, length === LONG);
  if (length === LONG) {
    timer = board.after(holdOn, (PAUSE_PRESS_SECONDS - SYNC_PRESS_SECONDS) * 1000);
  } else {
    togglePause();
  }
}

function change(pressed: boolean): void {
  board.cancel(timer);
  timer = undefined;
  if (pressed) {
    length = SHORT;
    board.light(GREEN, true);
    timer = board.after(holdOn, SYNC_PRESS_SECONDS * 1000);
  } else {
    board.light(GREEN, false);
    if (length === SHORT) showState();
    else if (length === LONG) openSync();
    length = VERY_LONG;
  }
}

/** Listens to the button. */
export function openButton(): void {
  board.onButton(change);
}
