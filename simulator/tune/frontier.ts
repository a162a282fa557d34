/**
 * Which schedules no other one beats.
 *
 * Those alone count that are precise enough: a token that listens seldom lets each beacon stand for longer, so that it also
 * concludes contacts that were too short, and would find many for little charge by being wrong often.
 *
 * @module
 */
import { REQUIRED_PRECISION, type Tried } from "./tuning.ts";

/** Whether enough of what a schedule concludes is right, by the mean over seeds. */
export const isPrecise = ({ precision }: Tried): boolean => precision.mean >= REQUIRED_PRECISION;

/** Precise schedules to which no other precise one finds as many contacts for less charge, the most frugal first. */
export function frontierOf(all: readonly Tried[]): Tried[] {
  let best = Number.NEGATIVE_INFINITY;
  return byDraw(all.filter(isPrecise)).filter(({ recall }) => {
    if (recall.mean <= best) return false;
    best = recall.mean;
    return true;
  });
}

/** The most frugal first, and of those that draw the same the one that finds more. */
export function byDraw(all: readonly Tried[]): Tried[] {
  return [...all].sort((a, b) => a.draw.mean - b.draw.mean || b.recall.mean - a.recall.mean);
}
