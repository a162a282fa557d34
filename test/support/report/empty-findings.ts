import { CAUSES, type Cause } from "../../../simulator/energy/account.ts";
import type { Draw, Estimate, Findings } from "../../../simulator/findings/findings.ts";

const NOTHING: Estimate = { mean: 0, low: 0, high: 0 };
const NO_DRAW: Draw = {
  causes: Object.fromEntries(CAUSES.map((cause) => [cause, NOTHING])) as Record<Cause, Estimate>,
  total: NOTHING,
};

/** Findings of a run that was interrupted before anything happened. */
export function emptyFindings(): Findings {
  return {
    version: 1,
    title: "Nobody at home",
    board: "puckjs",
    bundleBytes: 14_008,
    seeds: ["1"],
    persons: ["Aigerim"],
    days: 0,
    daysAsked: 3,
    complete: false,
    thresholdDecibels: 63,
    recognition: [10, 15].map((atLeastMinutes) => ({
      atLeastMinutes,
      contacts: 0,
      recall: NOTHING,
      precision: NOTHING,
      strictRecall: NOTHING,
      strictPrecision: NOTHING,
    })),
    riskDays: { exposed: 0, shown: 0, recall: NOTHING, precision: NOTHING },
    recallByDuration: [{ from: 5, to: 10, contacts: 0, found: 0 }],
    recallByDistance: [],
    thresholds: [],
    durationError: { low: 0, median: 0, high: 0 },
    durationErrors: [],
    attenuation: [],
    kept: NOTHING,
    fill: [],
    slots: 1360,
    warning: [],
    energy: {
      ...NO_DRAW,
      account: "published",
      accounts: { published: NO_DRAW, chip: NO_DRAW },
      wearers: [],
      cell: "CR2032",
      capacity: 220,
      days: [],
      lasts: { low: 0, median: 0, high: 0 },
    },
    pairs: [],
    speed: { wallSeconds: 0, workers: 1, tokenDaysPerSecond: 0, timesRealTime: 0 },
  };
}
