/**
 * What a rule of stillness could come to at best: one that listens less while its wearer does not move.
 *
 * It needs the accelerometer, and that takes charge all the time. This is worked out, not run.
 *
 * @module
 */
import type { BoardName } from "../../protocol/flash-layout.ts";
import type { Tried } from "./tuning.ts";

/**
 * µA of the accelerometer that wakes the board when it is moved.
 *
 * Source: "Power Consumption" on https://www.espruino.com/Puck.js (as of June 2026): 40 µA with movement detection. On a
 * Bangle.js 2 it is always on.
 */
const MOVEMENT_DETECTION: Partial<Record<BoardName, number>> = { puckjs: 40 };
const HOURS = 24;

/** A place that no schedule of a kind can be better than. */
export interface Bound {
  /** Share of contacts found, 0 to 1, at most. */
  readonly recall: number;
  /** mAh a day, at least. */
  readonly draw: number;
  /** What of it the accelerometer takes, in mAh a day. */
  readonly accelerometer: number;
}

/**
 * Works out the bound: at best, a token that listens less while it is still finds everything all the same.
 *
 * It draws no less than the release would without any listening and without any JavaScript, and the accelerometer on top.
 *
 * @returns undefined for a board of which movement detection has no published current of its own
 */
export function stillnessBound(release: Tried, board: BoardName): Bound | undefined {
  const current = MOVEMENT_DETECTION[board];
  if (current === undefined) return undefined;
  const accelerometer = (current * HOURS) / 1000;
  return {
    recall: 1,
    draw: release.draw.mean - release.scanning.mean - release.cpu.mean + accelerometer,
    accelerometer,
  };
}

/** Says what the bound means for the release. */
export function stillnessWords(
  { draw, accelerometer }: Bound,
  { draw: all, scanning }: Tried,
): string {
  const verdict =
    draw > all.mean
      ? `so that it would draw at least ${draw.toFixed(2)}, more than the release's ${all.mean.toFixed(2)}: it cannot pay`
      : `so that it would draw at least ${draw.toFixed(2)}, where the release draws ${all.mean.toFixed(2)}: it might pay`;
  return (
    `Scanning less while the wearer is still needs the accelerometer, which takes ${accelerometer.toFixed(2)} mAh a day; ` +
    `all scanning of the release takes ${scanning.mean.toFixed(2)}. A rule that never scanned nor computed anything while still saves no ` +
    `more than that and what computing takes, ${verdict}. This is a bound from published currents, not a measurement.`
  );
}
