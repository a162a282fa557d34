/**
 * Which schedules no other one beats.
 *
 * @module
 */
import type { Estimate } from "../findings/findings.ts";
import { FAMILIES, type Trial } from "./trials.ts";

/** What a schedule has come to. */
export interface Tried {
  readonly trial: Trial;
  /** Of contacts of 10 minutes or more: see `Recognition`. */
  readonly recall: Estimate;
  readonly precision: Estimate;
  /** mAh a day. */
  readonly draw: Estimate;
}

/** Those to which no other finds as many contacts for less charge, the most frugal first. */
export function frontierOf(all: readonly Tried[]): Tried[] {
  let best = Number.NEGATIVE_INFINITY;
  return [...all]
    .sort((a, b) => a.draw.mean - b.draw.mean || b.recall.mean - a.recall.mean)
    .filter(({ recall }) => {
      if (recall.mean <= best) return false;
      best = recall.mean;
      return true;
    });
}

/** A table, the most frugal first; what is on the frontier has a mark. */
export function frontierText(all: readonly Tried[]): string {
  const frontier = new Set(frontierOf(all));
  const share = ({ mean, low, high }: Estimate): string =>
    `${(100 * mean).toFixed(1)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}] %`.padStart(
      22,
    );
  const lines = [...all]
    .sort((a, b) => a.draw.mean - b.draw.mean)
    .map(
      (tried) =>
        `${frontier.has(tried) ? "*" : " "} ${tried.draw.mean.toFixed(3).padStart(9)} ${share(tried.recall)} ` +
        `${share(tried.precision)}  ${FAMILIES[tried.trial.family]}${tried.trial.family === "release" ? "" : `: ${tried.trial.name}`}`,
    );
  return [
    `  ${"mAh a day".padStart(9)} ${"recall".padStart(22)} ${"precision".padStart(22)}  schedule`,
    ...lines,
    "",
    "* No other schedule finds as many contacts of ten minutes or more for less charge.",
  ].join("\n");
}
