import { BOARD_POWER } from "../../../simulator/energy/boards.ts";
import type { Estimate } from "../../../simulator/findings/findings.ts";
import { stillnessBound } from "../../../simulator/tune/stillness.ts";
import { allTrials, RELEASED_PLAN, type Trial } from "../../../simulator/tune/trials.ts";
import type { Tried, Tuning } from "../../../simulator/tune/tuning.ts";

const HOURS = 24;
/** mAh a day of everything but listening. */
const REST = 0.83;
const CPU = 0.02;

const around = (mean: number, reach: number): Estimate => ({
  mean,
  low: Math.max(0, mean - reach),
  high: Math.min(1, mean + reach),
});

// Listening takes what the board's figures say; what is found for it is made up, but falls as it does when a token listens less.
function sampleTried(trial: Trial): Tried {
  const plan = { ...RELEASED_PLAN, ...trial.plan };
  const length = plan.SCAN_MILLISECONDS;
  const often = plan.ALONE_SECONDS;
  const scanning = (BOARD_POWER.puckjs.scanning / 1000) * (length / 1000 / often) * HOURS;
  const missed = Math.exp(-length / 80) + (often / 3000) ** 2 + plan.NEAR_RSSI * -1e-6;
  return {
    trial,
    recall: around(1 - Math.min(0.3, missed / 3), 0.006),
    precision: around(0.985 - missed / 2, 0.008),
    draw: { mean: REST + scanning, low: REST + scanning - 0.004, high: REST + scanning + 0.004 },
    scanning: { mean: scanning, low: scanning, high: scanning },
    cpu: { mean: CPU, low: CPU, high: CPU },
  };
}

/** A comparison of all schedules, of the first so many, with made-up outcomes. */
export function sampleTuning(count = Number.POSITIVE_INFINITY): Tuning {
  const trials = allTrials();
  const tried = trials.slice(0, count).map(sampleTried);
  const stillness = tried[0] && stillnessBound(tried[0], "puckjs");
  return {
    version: 1,
    title: "A made-up office",
    persons: 92,
    days: 4,
    board: "puckjs",
    seeds: ["1/1", "1/2", "1/3"],
    contacts: tried.length ? 114 : 0,
    thresholdDecibels: 63,
    schedules: trials.length,
    released: RELEASED_PLAN,
    tried,
    ...(stillness && { stillness }),
  };
}
