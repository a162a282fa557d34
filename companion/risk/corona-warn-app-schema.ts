/**
 * The configuration of the Corona-Warn-App's model, as it is published.
 *
 * @module
 */
import { z } from "zod";
import { atLeastZero, listOf, must, objectOf, wholeFrom } from "./checked-json.ts";

const range = objectOf({
  min: z.number(must("a number")),
  max: z.number(must("a number")),
  minExclusive: z.boolean(must("true or false")).optional(),
  maxExclusive: z.boolean(must("true or false")).optional(),
}).refine(({ min, max }) => min <= max, "must not have a min above its max");

const levelRule = objectOf({
  normalizedTimeRange: range,
  riskLevel: z.literal([1, 2], must("1 (low) or 2 (high)")),
});

const offset = wholeFrom(0, 100);

/** The fields of a published configuration. */
export const coronaWarnAppFields = {
  /** Windows with so many minutes at so much attenuation are left out. */
  minutesAtAttenuationFilters: listOf(
    objectOf({ attenuationRange: range, dropIfMinutesInRange: range }),
  ),
  /** So are those with such a transmission risk level. */
  trlFilters: listOf(objectOf({ dropIfTrlInRange: range })),
  /** How much a minute counts by least attenuation in dB; the first range counts, and none is 0. */
  minutesAtAttenuationWeights: listOf(objectOf({ attenuationRange: range, weight: atLeastZero() })),
  /** Level of a window and of a day, by weighted minutes; the first range counts. */
  normalizedTimePerEWToRiskLevelMapping: listOf(levelRule),
  normalizedTimePerDayToRiskLevelMapping: listOf(levelRule),
  /** The transmission risk level is the sum of two offsets. */
  trlEncoding: objectOf({
    infectiousnessOffsetStandard: offset,
    infectiousnessOffsetHigh: offset,
    reportTypeOffsetRecursive: offset,
    reportTypeOffsetSelfReport: offset,
    reportTypeOffsetConfirmedClinicalDiagnosis: offset,
    reportTypeOffsetConfirmedTest: offset,
  }),
  /** What a minute is multiplied with; levels that are left out have 0. */
  transmissionRiskValueMapping: listOf(
    objectOf({ transmissionRiskLevel: wholeFrom(0, 200), transmissionRiskValue: atLeastZero() }),
  ),
  /** Windows of days longer ago are ignored. */
  maxEncounterAgeInDays: wholeFrom(1, 1000),
};

const configuration = objectOf(coronaWarnAppFields);

export type CoronaWarnAppConfiguration = z.infer<typeof configuration>;
export type Range = z.infer<typeof range>;
export type LevelRule = z.infer<typeof levelRule>;

/**
 * The published default (risk-calculation-parameters 1.15), except that nothing is too old which a log still holds. In
 * Germany 10 days were set; where nothing is, the app takes 14, too.
 */
export const DEFAULT_CORONA_WARN_APP: CoronaWarnAppConfiguration = {
  minutesAtAttenuationFilters: [],
  trlFilters: [],
  minutesAtAttenuationWeights: [
    { attenuationRange: { min: 0, max: 63, maxExclusive: true }, weight: 0.8 },
    { attenuationRange: { min: 63, max: 73, maxExclusive: true }, weight: 1 },
    { attenuationRange: { min: 73, max: 79, maxExclusive: true }, weight: 0.1 },
  ],
  normalizedTimePerEWToRiskLevelMapping: [
    { normalizedTimeRange: { min: 0, max: 9, maxExclusive: true }, riskLevel: 1 },
    { normalizedTimeRange: { min: 9, max: 9999 }, riskLevel: 2 },
  ],
  normalizedTimePerDayToRiskLevelMapping: [
    { normalizedTimeRange: { min: 5, max: 9, maxExclusive: true }, riskLevel: 1 },
    { normalizedTimeRange: { min: 9, max: 99_999 }, riskLevel: 2 },
  ],
  trlEncoding: {
    infectiousnessOffsetStandard: 1,
    infectiousnessOffsetHigh: 2,
    reportTypeOffsetRecursive: 0,
    reportTypeOffsetSelfReport: 2,
    reportTypeOffsetConfirmedClinicalDiagnosis: 4,
    reportTypeOffsetConfirmedTest: 6,
  },
  transmissionRiskValueMapping: [0, 0, 0.6, 0.8, 1, 1.2, 1.4, 1.6].map((value, index) => ({
    transmissionRiskLevel: index + 1,
    transmissionRiskValue: value,
  })),
  maxEncounterAgeInDays: 14,
};
