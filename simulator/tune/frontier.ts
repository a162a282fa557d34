/**
 * Which schedules no other one beats.
 *
 * @module
 */
import type { Tried } from "./tuning.ts";

/** Those to which no other finds as many contacts for less charge, the most frugal first. */
export function frontierOf(all: readonly Tried[]): Tried[] {
  let best = Number.NEGATIVE_INFINITY;
  return byDraw(all).filter(({ recall }) => {
    if (recall.mean <= best) return false;
    best = recall.mean;
    return true;
  });
}

/** The most frugal first, and of those that draw the same the one that finds more. */
export function byDraw(all: readonly Tried[]): Tried[] {
  return [...all].sort((a, b) => a.draw.mean - b.draw.mean || b.recall.mean - a.recall.mean);
}
