/**
 * Which model of risk is used, as a file says it; docs/risk.md describes that file.
 *
 * @module
 */
import { z } from "zod";
import { checkShape, listOf, must, objectOf, parseJson } from "./checked-json.ts";
import { coronaWarnApp } from "./corona-warn-app.ts";
import { coronaWarnAppFields, DEFAULT_CORONA_WARN_APP } from "./corona-warn-app-schema.ts";
import { dailySummaries } from "./daily-summaries.ts";
import { dailySummariesFields, EXPRESS_DAILY_SUMMARIES } from "./daily-summaries-schema.ts";
import {
  type InfectiousnessTable,
  infectiousnessDays,
  MAX_ONSET_DAYS,
  unpackInfectiousness,
} from "./infectiousness.ts";
import { EXPRESS_KEYS, type KeysDataMapping } from "./keys-data-mapping.ts";
import type { RiskModel } from "./risk.ts";

const CODE = "risk-configuration-malformed";

const TABLE =
  'an object of days from -14 to 14 with 0, 1 or 2 for each, or those packed in 64 bits, like "0x0401555AA9400000"';

const infectiousness = z.literal([0, 1, 2], must("0 (none), 1 (standard) or 2 (high)"));
const reportType = z.literal([1, 2, 3, 4], must("a report type from 1 to 4"));

const onsetDay = z.string().refine((text) => {
  const day = Number(text);
  return String(day) === text && Number.isInteger(day) && Math.abs(day) <= MAX_ONSET_DAYS;
});
const daysByMap = z
  .record(onsetDay, infectiousness)
  .transform((byDay): Partial<InfectiousnessTable> => ({ days: infectiousnessDays(byDay) }));
const daysPacked = z
  .string()
  .regex(/^0x[0-9a-f]{1,16}$/i)
  .transform((text) => unpackInfectiousness(BigInt(text)))
  .refine((table) => table !== undefined, `must be ${TABLE}`);

const keysFields = objectOf({
  daysSinceOnsetToInfectiousness: z.union([daysByMap, daysPacked], must(TABLE)),
  infectiousnessWhenDaysSinceOnsetMissing: infectiousness,
  reportTypeWhenMissing: reportType,
  reportTypes: listOf(reportType),
}).partial();

const common = { diagnosisKeysDataMapping: keysFields.optional() };
const coronaWarnAppFile = objectOf({
  ...coronaWarnAppFields,
  ...common,
  model: z.literal("corona-warn-app").optional(),
  transmissionRiskLevelMultiplier: z
    .literal(0, must("0, since transmissionRiskValueMapping has taken its place"))
    .optional(),
});
const dailySummariesFile = objectOf({
  ...dailySummariesFields,
  ...common,
  model: z.literal("daily-summaries"),
});
const anyFile = z.looseObject(
  {
    model: z
      .enum(["corona-warn-app", "daily-summaries"], must('"corona-warn-app" or "daily-summaries"'))
      .optional(),
  },
  must("an object"),
);

/** Recursive reports have a transmission risk level of their own in the Corona-Warn-App. */
const CORONA_WARN_APP_KEYS: KeysDataMapping = { ...EXPRESS_KEYS, reportTypes: [1, 2, 3, 4] };

/** The model for Kazakhstan, whose app follows the Corona-Warn-App. */
export const DEFAULT_RISK_MODEL: RiskModel = coronaWarnApp(
  DEFAULT_CORONA_WARN_APP,
  CORONA_WARN_APP_KEYS,
);

/**
 * Makes the model that a configuration file describes.
 *
 * @param what - the file, to begin a sentence with
 * @throws Failure `risk-configuration-malformed`
 */
export function parseRiskConfiguration(bytes: Uint8Array, what: string): RiskModel {
  return riskModelOf(parseJson(bytes, what, CODE), what);
}

/** The same for what is in the file. */
export function riskModelOf(value: unknown, what: string): RiskModel {
  const file = checkShape(anyFile, value, what, CODE);
  if (file.model === "daily-summaries") {
    const whole = { ...EXPRESS_DAILY_SUMMARIES, ...file };
    const configuration = checkShape(dailySummariesFile, whole, what, CODE);
    return dailySummaries(
      configuration,
      keysOf(EXPRESS_KEYS, configuration.diagnosisKeysDataMapping),
    );
  }
  // One that is published has no model, and leaves nothing out but this.
  const { maxEncounterAgeInDays } = DEFAULT_CORONA_WARN_APP;
  const defaults = file.model ? DEFAULT_CORONA_WARN_APP : { maxEncounterAgeInDays };
  const configuration = checkShape(coronaWarnAppFile, { ...defaults, ...file }, what, CODE);
  return coronaWarnApp(
    configuration,
    keysOf(CORONA_WARN_APP_KEYS, configuration.diagnosisKeysDataMapping),
  );
}

function keysOf(
  defaults: KeysDataMapping,
  given: z.infer<typeof keysFields> = {},
): KeysDataMapping {
  const whenMissing = given.infectiousnessWhenDaysSinceOnsetMissing;
  return {
    infectiousness: {
      ...defaults.infectiousness,
      ...given.daysSinceOnsetToInfectiousness,
      ...(whenMissing !== undefined && { whenMissing }),
    },
    reportTypeWhenMissing: given.reportTypeWhenMissing ?? defaults.reportTypeWhenMissing,
    reportTypes: given.reportTypes ?? defaults.reportTypes,
  };
}
