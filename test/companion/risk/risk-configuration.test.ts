import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EXPRESS_KEYS } from "../../../companion/risk/keys-data-mapping.ts";
import {
  DEFAULT_RISK_MODEL,
  parseRiskConfiguration,
  riskModelOf,
} from "../../../companion/risk/risk-configuration.ts";
import { scan, TODAY, window } from "./make-windows.ts";

const published = JSON.parse(
  readFileSync(new URL("../../vectors/risk-cases.json", import.meta.url), "utf8"),
).defaultRiskCalculationConfiguration;

const bytes = (text: string) => Buffer.from(text, "utf8");
const parse = (value: unknown) => parseRiskConfiguration(bytes(JSON.stringify(value)), "The file");
const levelOf = (value: unknown, seconds: number, age = 1) =>
  riskModelOf(value, "It").assess([window([scan(seconds)], { day: TODAY - age })], TODAY).level;

describe("a configuration", () => {
  test("with nothing but a model's name is that model's default", () => {
    const cwa = { model: "corona-warn-app" };
    expect([296, 297, 537].map((each) => levelOf(cwa, each))).toEqual(["none", "low", "high"]);
    expect(parse(cwa).keys).toEqual(DEFAULT_RISK_MODEL.keys);
    // At 65 dB nothing counts in the other one.
    expect(levelOf({ model: "daily-summaries" }, 3600)).toBe("none");
    expect(parse({ model: "daily-summaries" }).keys).toEqual(EXPRESS_KEYS);
  });

  test("that is a published one of the Corona-Warn-App is taken as it is", () => {
    expect([296, 297, 537].map((each) => levelOf(published, each))).toEqual([
      "none",
      "low",
      "high",
    ]);
    const asInProduction = {
      ...published,
      transmissionRiskLevelMultiplier: 0,
      maxEncounterAgeInDays: 10,
    };
    expect(levelOf(asInProduction, 3600, 10)).toBe("high");
    expect(levelOf(asInProduction, 3600, 11)).toBe("none");
  });

  test("without a limit of age ignores what is older than the 14 days of a log", () => {
    for (const value of [published, { model: "corona-warn-app" }, { model: "daily-summaries" }]) {
      const near = window([scan(3600, 40)], { day: TODAY - 14 });
      const model = riskModelOf(value, "It");
      expect(model.assess([near], TODAY).level).toBe("high");
      expect(model.assess([{ ...near, day: TODAY - 15 }], TODAY).level).toBe("none");
    }
  });

  test("changes what it names, and nothing else", () => {
    const changed = {
      model: "daily-summaries",
      attenuationBucketThresholdDb: [10, 20, 65],
      levels: { lowFromScoreSum: 100, highFromScoreSum: 200 },
    };
    expect([199, 200, 400].map((each) => levelOf(changed, each))).toEqual(["none", "low", "high"]);
  });

  test("gives no weight to what a map of weights leaves out, as the API does", () => {
    const tests = { model: "daily-summaries", reportTypeWeights: { 1: 1 } };
    const near = window([scan(3600, 40)]);
    const model = riskModelOf(tests, "It");
    expect(model.assess([near], TODAY).level).toBe("none");
    expect(model.assess([{ ...near, reportType: 1 }], TODAY).level).toBe("high");
  });

  test.each(["corona-warn-app", "daily-summaries"])("of %s says how keys are read", (model) => {
    const keysOf = (diagnosisKeysDataMapping: object) =>
      parse({ model, diagnosisKeysDataMapping }).keys;
    expect(keysOf({})).toEqual(parse({ model }).keys);
    const byMap = keysOf({
      daysSinceOnsetToInfectiousness: { "-2": 1, 0: 2 },
      infectiousnessWhenDaysSinceOnsetMissing: 0,
      reportTypeWhenMissing: 1,
      reportTypes: [1],
    });
    expect(byMap.infectiousness.days).toEqual([
      ...Array(12).fill(0),
      1,
      0,
      2,
      ...Array(14).fill(0),
    ]);
    expect(byMap.infectiousness.whenMissing).toBe(0);
    expect(byMap).toMatchObject({ reportTypeWhenMissing: 1, reportTypes: [1] });
    expect(keysOf({ daysSinceOnsetToInfectiousness: { 0: 2 } }).infectiousness.whenMissing).toBe(1);
    const packed = { daysSinceOnsetToInfectiousness: "0x0801555AA9400000" };
    expect(keysOf(packed).infectiousness).toEqual({
      ...EXPRESS_KEYS.infectiousness,
      whenMissing: 2,
    });
    const both = { ...packed, infectiousnessWhenDaysSinceOnsetMissing: 0 };
    expect(keysOf(both).infectiousness.whenMissing).toBe(0);
  });
});

describe("a wrong configuration is one sentence that names the field", () => {
  const cwa = (changes: object) => ({ ...published, ...changes });
  const summaries = (changes: object) => ({ model: "daily-summaries", ...changes });
  const keys = (changes: object) => cwa({ diagnosisKeysDataMapping: changes });
  const without = (field: string) => {
    const { [field]: _, ...rest } = published;
    return rest;
  };

  const wrong: [unknown, string][] = [
    [[], "what it holds must be an object"],
    [null, "what it holds must be an object"],
    ["corona-warn-app", "what it holds must be an object"],
    [{ model: "other" }, 'model must be "corona-warn-app" or "daily-summaries"'],
    [{}, "minutesAtAttenuationFilters is missing"],
    [without("trlEncoding"), "trlEncoding is missing"],
    [cwa({ trlFilter: [] }), "trlFilter is not a field that is known here"],
    [cwa({ trlFilters: {} }), "trlFilters must be a list"],
    [cwa({ trlFilters: [{}] }), "trlFilters[0].dropIfTrlInRange is missing"],
    [
      cwa({ trlFilters: [{ dropIfTrlInRange: { min: 2, max: 1 } }] }),
      "trlFilters[0].dropIfTrlInRange must not have a min above its max",
    ],
    [
      cwa({ trlFilters: [{ dropIfTrlInRange: { min: 1, max: 2, maxexclusive: true } }] }),
      "trlFilters[0].dropIfTrlInRange.maxexclusive is not a field that is known here",
    ],
    [
      cwa({ minutesAtAttenuationWeights: [{ attenuationRange: { min: 0, max: 9 }, weight: -1 }] }),
      "minutesAtAttenuationWeights[0].weight must be a number of at least 0",
    ],
    [
      cwa({
        normalizedTimePerDayToRiskLevelMapping: [
          { normalizedTimeRange: { min: 0, max: 9 }, riskLevel: 3 },
        ],
      }),
      "normalizedTimePerDayToRiskLevelMapping[0].riskLevel must be 1 (low) or 2 (high)",
    ],
    [
      cwa({ maxEncounterAgeInDays: "10" }),
      "maxEncounterAgeInDays must be a whole number from 1 to 1000",
    ],
    [
      cwa({ transmissionRiskLevelMultiplier: 0.2 }),
      "transmissionRiskLevelMultiplier must be 0, since transmissionRiskValueMapping has taken its place",
    ],
    [
      keys({ reportTypes: [5] }),
      "diagnosisKeysDataMapping.reportTypes[0] must be a report type from 1 to 4",
    ],
    ...[
      { 15: 1 },
      { 0: 3 },
      { "1.5": 1 },
      { "": 1 },
      { "01": 1 },
      "0x3",
      "401555AA9400000",
      5,
      [],
    ].map((table): [unknown, string] => [
      keys({ daysSinceOnsetToInfectiousness: table }),
      'diagnosisKeysDataMapping.daysSinceOnsetToInfectiousness must be an object of days from -14 to 14 with 0, 1 or 2 for each, or those packed in 64 bits, like "0x0401555AA9400000"',
    ]),
    [
      summaries({ reportTypeWeights: { 5: 1 } }),
      "reportTypeWeights.5 is not a field that is known here",
    ],
    [
      summaries({ reportTypeWeights: { 1: 2.6 } }),
      "reportTypeWeights.1 must be a number from 0 to 2.5",
    ],
    [
      summaries({ infectiousnessWeights: { 0: 1 } }),
      "infectiousnessWeights.0 is not a field that is known here",
    ],
    [
      summaries({ attenuationBucketThresholdDb: [30, 50] }),
      "attenuationBucketThresholdDb must be a list of 3 whole numbers from 0 to 255",
    ],
    [
      summaries({ attenuationBucketThresholdDb: [30, 30, 50] }),
      "attenuationBucketThresholdDb must rise from each number to the next",
    ],
    [
      summaries({ attenuationBucketThresholdDb: [30, 50, 256] }),
      "attenuationBucketThresholdDb[2] must be a whole number from 0 to 255",
    ],
    [
      summaries({ attenuationBucketWeights: [1, 1, 1] }),
      "attenuationBucketWeights must be a list of 4 numbers from 0 to 2.5",
    ],
    [summaries({ minimumWindowScore: -1 }), "minimumWindowScore must be a number of at least 0"],
    [summaries({ levels: { lowFromScoreSum: 1 } }), "levels.highFromScoreSum is missing"],
    [
      summaries({ levels: { lowFromScoreSum: 0, highFromScoreSum: 1 } }),
      "levels.lowFromScoreSum must be a number above 0",
    ],
    [
      summaries({ levels: { lowFromScoreSum: 2, highFromScoreSum: 1 } }),
      "levels must not have a lowFromScoreSum above its highFromScoreSum",
    ],
    [summaries({ trlFilters: [] }), "trlFilters is not a field that is known here"],
  ];

  test.each(wrong.map(([value, problem]) => [problem, value]))("%s", (problem, value) => {
    expect(() => parse(value)).toThrow(
      expect.objectContaining({
        code: "risk-configuration-malformed",
        message: `The file cannot be used, because ${problem}; correct it.`,
      }),
    );
  });

  test.each(["", "{", "\u0000", "{]"])("%j is not JSON", (text) => {
    expect(() => parseRiskConfiguration(bytes(text), "The file")).toThrow(
      expect.objectContaining({
        code: "risk-configuration-malformed",
        message: "The file is not JSON; check that it is the right file.",
      }),
    );
  });
});

test("the examples in docs/risk.md are configurations", () => {
  const docs = readFileSync(new URL("../../../docs/risk.md", import.meta.url), "utf8");
  const examples = Array.from(docs.matchAll(/```json\n([\s\S]*?)```/g), ([, text]) => text!);
  expect(examples).toHaveLength(3);
  for (const text of examples) parseRiskConfiguration(bytes(text), "The example");
});
