/**
 * @module
 */
import type { Findings } from "../../findings/findings.ts";
import type { Figure } from "../figure.ts";
import { about, countOf, isKnown } from "../numbers.ts";

/** What the run took. */
export function speed({ speed: run }: Findings): Figure {
  const { wallSeconds, workers, tokenDaysPerSecond, timesRealTime } = run;
  const isMeasured = isKnown(tokenDaysPerSecond) && isKnown(timesRealTime) && wallSeconds > 0;
  return {
    id: "speed",
    heading: "Speed of the simulation",
    says: isMeasured
      ? `It took ${countOf(Math.max(1, Math.round(wallSeconds)), "second")} on ${countOf(workers, "worker")}: ${about(tokenDaysPerSecond)} token-days a second, ${about(timesRealTime)} times as fast as the tokens' own time.`
      : "The run was too short to measure its speed.",
  };
}
