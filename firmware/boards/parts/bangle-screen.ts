/**
 * The screen of a Bangle.js 2, 176 by 176 pixels: the time, a symbol, and words in the Latin letters that are all that
 * Espruino's fonts have.
 */
import type { Timer } from "../../board.ts";
import { after, cancel, now } from "./system.ts";

const MIDDLE = 88;
const TIME_Y = 28;
const TIME_SIZE = 50;
const WORDS_Y = 146;
const WORDS_SIZE = 30;
/** 2020-01-01: before, the clock was not set. */
const EARLIEST = 1577836800;
const MINUTES_PER_QUARTER = 15;

/** By number: the states of `protocol/messages.ts`, then the texts of `screen.ts`. */
const WORDS = [
  "OFF",
  "ON",
  "PAUSED",
  "BRING TO\nTHE CLINIC",
  "GO TO\nTHE CLINIC",
  "CHARGE",
  "CLINIC\nMAY READ",
];

/** In the same order: polygons, each the x and y of its corners. */
const SYMBOLS = [
  // Stop, as on a recorder.
  [[64, 62, 112, 62, 112, 110, 64, 110]],
  // A tick.
  [[56, 86, 66, 76, 80, 92, 110, 58, 120, 68, 80, 112]],
  // Pause, as on a recorder.
  [
    [64, 62, 82, 62, 82, 110, 64, 110],
    [94, 62, 112, 62, 112, 110, 94, 110],
  ],
  // The cross of a clinic.
  [
    [76, 58, 100, 58, 100, 114, 76, 114],
    [60, 74, 116, 74, 116, 98, 60, 98],
  ],
  // An exclamation mark.
  [
    [78, 54, 98, 54, 94, 94, 82, 94],
    [80, 100, 96, 100, 96, 114, 80, 114],
  ],
  // Lightning.
  [[94, 54, 68, 90, 86, 90, 80, 116, 108, 78, 90, 78]],
  // An arrow to both sides.
  [[56, 86, 76, 66, 76, 78, 100, 78, 100, 66, 120, 86, 100, 106, 100, 94, 76, 94, 76, 106]],
];

let timer: Timer;

function twoDigits(value: number): string {
  return String(100 + (value % 100)).substr(1);
}

/** The screen keeps what it shows without power: there is nothing to do between two minutes. */
export function screen(text: number, quarters: number): void {
  const seconds = now();
  const minutes = ((seconds / 60) | 0) + quarters * MINUTES_PER_QUARTER;
  cancel(timer);
  timer = after(() => screen(text, quarters), (60 - (seconds % 60)) * 1000);
  g.clear();
  g.setFontAlign(0, 0);
  if (seconds > EARLIEST) {
    g.setFont("Vector", TIME_SIZE);
    const hours = ((minutes / 60) | 0) % 24;
    g.drawString([hours, minutes % 60].map(twoDigits).join(":"), MIDDLE, TIME_Y);
  }
  SYMBOLS[text].forEach((corners) => {
    g.fillPoly(corners);
  });
  g.setFont("Vector", WORDS_SIZE);
  g.drawString(WORDS[text], MIDDLE, WORDS_Y);
}
