/**
 * What logs keep: minutes of exposure, weighted by attenuation as in the desk's risk model, and how full they are.
 *
 * @module
 */
import { weightOf } from "../../companion/risk/corona-warn-app.ts";
import { DEFAULT_CORONA_WARN_APP } from "../../companion/risk/corona-warn-app-schema.ts";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { dayOf, intervalAt } from "../../protocol/intervals.ts";
import type { RunOutcome, TokenOutcome } from "../run/outcome.ts";
import { estimateShare, type Ratio } from "./estimate.ts";
import type { Estimate, Findings } from "./findings.ts";
import { spreadOf } from "./spread.ts";

/**
 * Exposure minutes that a log holds of each day. Tokens send with 0 dBm, so that attenuation is the strength less its sign.
 *
 * @param log - its records, as a desk reads them
 * @param start - the scenario's start, a midnight in Unix seconds
 * @param days - how many whole days from there
 */
export function exposureMinutes(log: Uint8Array, start: number, days: number): number[] {
  const byDay = new Array<number>(days).fill(0);
  const first = dayOf(intervalAt(start));
  for (const { interval, minutes, bestRssi } of decodeLog(log)) {
    const day = dayOf(interval) - first;
    if (day < 0 || day >= days) continue;
    byDay[day]! += minutes * weightOf(-bestRssi, DEFAULT_CORONA_WARN_APP);
  }
  return byDay;
}

/**
 * Share of the exposure minutes logged on each day that logs still hold at the end. A record that was begun before midnight and written after it is
 * in the final log only; so no day counts for more than was logged on it. A day that was interrupted does not count.
 *
 * @param starts - the start of each run's scenario in Unix seconds
 */
export function keptShare(runs: readonly RunOutcome[], starts: readonly number[]): Estimate {
  return estimateShare(
    runs.map(({ tokens }, index) => {
      const each = tokens.map((token) => keptOf(token, starts[index] as number));
      return {
        part: each.reduce((sum, { part }) => sum + part, 0),
        whole: each.reduce((sum, { whole }) => sum + whole, 0),
      };
    }),
  );
}

/** Slots in use at each midnight that any wearer has lived through, over the wearers of all runs. */
export function fillByDay(runs: readonly RunOutcome[]): Findings["fill"] {
  const tokens = runs.flatMap((run) => run.tokens);
  const days = tokens.reduce((most, { fill }) => Math.max(most, fill.length), 0);
  return Array.from({ length: days }, (_, day) => ({
    day,
    ...spreadOf(tokens.flatMap(({ fill }) => fill[day] ?? [])),
  }));
}

function keptOf({ log, loggedMinutes }: TokenOutcome, start: number): Ratio {
  const held = exposureMinutes(log, start, loggedMinutes.length);
  let part = 0;
  let whole = 0;
  loggedMinutes.forEach((logged, day) => {
    part += Math.min(held[day] ?? 0, logged);
    whole += logged;
  });
  return { part, whole };
}
