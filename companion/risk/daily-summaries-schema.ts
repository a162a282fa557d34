/**
 * The configuration of daily summaries.
 *
 * @module
 */
import { z } from "zod";
import { atLeastZero, must, numberFrom, objectOf, wholeFrom } from "./checked-json.ts";

const weight = numberFrom(0, 2.5);
/** As in the API: what a map of weights leaves out has no weight. */
const weightOrNone = weight.default(0);
const threshold = wholeFrom(0, 255);

/** The fields of a configuration; see {@link EXPRESS_DAILY_SUMMARIES}. */
export const dailySummariesFields = {
  /** By report type: 1 confirmed test, 2 clinical diagnosis, 3 self-report, 4 recursive. */
  reportTypeWeights: objectOf({
    1: weightOrNone,
    2: weightOrNone,
    3: weightOrNone,
    4: weightOrNone,
  }),
  /** 1 standard, 2 high. */
  infectiousnessWeights: objectOf({ 1: weightOrNone, 2: weightOrNone }),
  /** Highest typical attenuation in dB of the immediate, the near and the medium bucket. */
  attenuationBucketThresholdDb: z
    .tuple([threshold, threshold, threshold], must("a list of 3 whole numbers from 0 to 255"))
    .refine(([a, b, c]) => a < b && b < c, "must rise from each number to the next"),
  /** How much a second counts in those three, and beyond. */
  attenuationBucketWeights: z.tuple(
    [weight, weight, weight, weight],
    must("a list of 4 numbers from 0 to 2.5"),
  ),
  /** Days longer ago are ignored; 0 for none. */
  daysSinceExposureThreshold: wholeFrom(0, 1000),
  /** Windows with a lower score are left out. */
  minimumWindowScore: atLeastZero(),
  /** Our own, since the API leaves levels to apps: the sums of scores from which a day's risk is low, and high. */
  levels: objectOf({
    lowFromScoreSum: z.number(must("a number above 0")).positive(must("a number above 0")),
    highFromScoreSum: z.number(must("a number above 0")).positive(must("a number above 0")),
  }).refine(
    ({ lowFromScoreSum, highFromScoreSum }) => lowFromScoreSum <= highFromScoreSum,
    "must not have a lowFromScoreSum above its highFromScoreSum",
  ),
};

const configuration = objectOf(dailySummariesFields);

export type DailySummariesConfiguration = z.infer<typeof configuration>;

/**
 * The default of Exposure Notifications Express. The levels are ours: 5 and 15 minutes at full weight. The API itself
 * has 0 for all weights that an app does not set, so that nobody would ever be warned.
 */
export const EXPRESS_DAILY_SUMMARIES: DailySummariesConfiguration = {
  reportTypeWeights: { 1: 1, 2: 1, 3: 1, 4: 0 },
  infectiousnessWeights: { 1: 1, 2: 1 },
  attenuationBucketThresholdDb: [30, 50, 60],
  attenuationBucketWeights: [1.5, 1, 0.5, 0],
  daysSinceExposureThreshold: 14,
  minimumWindowScore: 0,
  levels: { lowFromScoreSum: 300, highFromScoreSum: 900 },
};
