/**
 * What logs keep of what was heard: minutes of exposure, weighted by attenuation as in the desk's risk model, and how full they are.
 *
 * @module
 */
import { weightOf } from "../../companion/risk/corona-warn-app.ts";
import { DEFAULT_CORONA_WARN_APP } from "../../companion/risk/corona-warn-app-schema.ts";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { dayOf, intervalAt } from "../../protocol/intervals.ts";
import type { RunOutcome } from "../run/outcome.ts";
import { estimateShare } from "./estimate.ts";
import type { Estimate, Findings } from "./findings.ts";
import { spreadOf } from "./spread.ts";

/** How much a minute counts in the risk model, by the strongest signal in dBm: tokens send with 0 dBm. */
export function weightOfBest(bestRssi: number): number {
  return weightOf(-bestRssi, DEFAULT_CORONA_WARN_APP);
}

/**
 * Exposure minutes that a log holds of each day. Records of one identifier are joined before they are weighed, as the log itself
 * may have joined them; they count for the day of the first.
 *
 * @param log - its records, as a desk reads them
 * @param start - the scenario's start, a midnight in Unix seconds
 * @param days - how many whole days from there
 */
export function exposureMinutes(log: Uint8Array, start: number, days: number): number[] {
  const stays = new Map<string, { interval: number; minutes: number; best: number }>();
  for (const { rpiPrefix, interval, minutes, bestRssi } of decodeLog(log)) {
    const identifier = Buffer.from(rpiPrefix).toString("latin1");
    const stay = stays.get(identifier);
    if (stay) {
      stay.interval = Math.min(stay.interval, interval);
      stay.minutes += minutes;
      stay.best = Math.max(stay.best, bestRssi);
    } else stays.set(identifier, { interval, minutes, best: bestRssi });
  }
  const byDay = new Array<number>(days).fill(0);
  const first = dayOf(intervalAt(start));
  for (const { interval, minutes, best } of stays.values()) {
    const day = dayOf(interval) - first;
    if (day >= 0 && day < days) byDay[day]! += minutes * weightOfBest(best);
  }
  return byDay;
}

/**
 * Share of the exposure minutes heard by scans that logs hold at the end. Records have whole minutes: where nothing was lost they
 * may hold a little more than was heard, which counts as all. A day that was interrupted does not count.
 *
 * @param starts - the start of each run's scenario in Unix seconds
 */
export function keptShare(runs: readonly RunOutcome[], starts: readonly number[]): Estimate {
  return estimateShare(
    runs.map(({ tokens }, index) => {
      const whole = sum(tokens.flatMap(({ heardMinutes }) => heardMinutes));
      const held = tokens.flatMap(({ log, heardMinutes }) =>
        exposureMinutes(log, starts[index] as number, heardMinutes.length),
      );
      return { part: Math.min(sum(held), whole), whole };
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
