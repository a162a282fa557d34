/**
 * The release among what was tried, which all others are measured by.
 *
 * @module
 */
import type { Tried } from "./tuning.ts";

/** Whether this is the schedule as released. */
export const isRelease = ({ trial }: Tried): boolean => trial.family === "release";

/** The release, which is missing when nothing was tried. */
export function releaseIn(tried: readonly Tried[]): Tried | undefined {
  return tried.find(isRelease);
}
