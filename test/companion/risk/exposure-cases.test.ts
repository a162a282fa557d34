import { describe, expect, test } from "vitest";
import {
  differences,
  outcomeOf,
  parseExposureCases,
} from "../../../companion/risk/exposure-cases.ts";
import { DEFAULT_RISK_MODEL, riskModelOf } from "../../../companion/risk/risk-configuration.ts";
import { TODAY } from "./make-windows.ts";

const parse = (value: unknown) =>
  parseExposureCases(Buffer.from(JSON.stringify(value)), "The file", TODAY);

const WINDOW = {
  ageInDays: 2,
  reportType: 2,
  infectiousness: 1,
  calibrationConfidence: 3,
  scanInstances: [{ minAttenuation: 65, typicalAttenuation: 70, secondsSinceLastScan: 300 }],
};
const { ageInDays: _, ...dateless } = WINDOW;

describe("a file may be", () => {
  const windows = [{ ...dateless, day: TODAY - 2 }];

  test("a list of windows", () => {
    const { cases, isList, configuration } = parse([WINDOW]);
    expect(cases).toEqual([{ description: undefined, windows, expected: {} }]);
    expect([isList, configuration]).toEqual([false, undefined]);
    expect(parse([]).cases[0]?.windows).toEqual([]);
  });

  test("one case", () => {
    const { cases, isList } = parse({ exposureWindows: [WINDOW], expTotalRiskLevel: 1 });
    expect(cases).toEqual([
      { description: undefined, windows, expected: { expTotalRiskLevel: 1 } },
    ]);
    expect(isList).toBe(false);
  });

  test("a list of cases, with their configuration", () => {
    const testCases = [{ description: "one", exposureWindows: [WINDOW] }];
    const defaultRiskCalculationConfiguration = { model: "daily-summaries" };
    const file = parse({ __comment__: "", defaultRiskCalculationConfiguration, testCases });
    expect(file).toEqual({
      cases: [{ description: "one", windows, expected: {} }],
      isList: true,
      configuration: defaultRiskCalculationConfiguration,
    });
    expect(parse({ testCases }).configuration).toBeUndefined();
  });

  test("with dates in place of ages", () => {
    const [{ windows: dated } = { windows: [] }] = parse([
      { ...dateless, date: "2024-10-02" },
    ]).cases;
    expect(dated).toEqual(windows);
  });
});

describe("a wrong file is one sentence that names the field", () => {
  const one = (changes: object) => [{ ...WINDOW, ...changes }];
  const wrong: [unknown, string][] = [
    [null, "what it holds must be an object"],
    [5, "what it holds must be an object"],
    [{}, "exposureWindows is missing"],
    [{ exposureWindows: {} }, "exposureWindows must be a list"],
    [{ testCases: {} }, "testCases must be a list"],
    [{ testCases: [{}] }, "testCases[0].exposureWindows is missing"],
    [{ testCases: [], cases: [] }, "cases is not a field that is known here"],
    [[{}], "[0].reportType is missing"],
    [one({ reportType: 0 }), "[0].reportType must be a whole number from 1 to 4"],
    [one({ reportType: 5 }), "[0].reportType must be a whole number from 1 to 4"],
    [one({ infectiousness: 3 }), "[0].infectiousness must be a whole number from 0 to 2"],
    [
      one({ calibrationConfidence: -1 }),
      "[0].calibrationConfidence must be a whole number from 0 to 3",
    ],
    [one({ ageInDays: 1.5 }), "[0].ageInDays must be a whole number from 0 to 100000"],
    [one({ date: "2026-05-11" }), "[0] must have either ageInDays or date"],
    [[dateless], "[0] must have either ageInDays or date"],
    [[{ ...dateless, date: "2026-02-30" }], "[0].date must be a date like 2026-05-11"],
    [one({ tek: "" }), "[0].tek is not a field that is known here"],
    [one({ scanInstances: 1 }), "[0].scanInstances must be a list"],
    [
      one({ scanInstances: [{ ...WINDOW.scanInstances[0], minAttenuation: -1 }] }),
      "[0].scanInstances[0].minAttenuation must be a whole number from 0 to 255",
    ],
    [
      one({ scanInstances: [{ ...WINDOW.scanInstances[0], secondsSinceLastScan: "5" }] }),
      "[0].scanInstances[0].secondsSinceLastScan must be a whole number of seconds",
    ],
    [
      { exposureWindows: [], expTotalRiskLevel: 3 },
      "expTotalRiskLevel must be a whole number from 1 to 2",
    ],
    [
      { exposureWindows: [], expNumberOfExposureWindows: 3 },
      "expNumberOfExposureWindows is not a field that is known here",
    ],
  ];

  test.each(wrong.map(([value, problem]) => [problem, value]))("%s", (problem, value) => {
    expect(() => parse(value)).toThrow(
      expect.objectContaining({
        code: "windows-malformed",
        message: `The file cannot be used, because ${problem}; correct it.`,
      }),
    );
  });

  test("and says so of what is not JSON or not text", () => {
    for (const bytes of [Buffer.from("[{"), Buffer.of(0xff, 0xfe)]) {
      expect(() => parseExposureCases(bytes, "The file", TODAY)).toThrow(/^The file is not JSON;/);
    }
  });
});

describe("expectations", () => {
  const found = (expected: object, model = DEFAULT_RISK_MODEL) => {
    const [only] = parse({ exposureWindows: [WINDOW], ...expected }).cases;
    return differences(only!.expected, outcomeOf(only!.windows, model, TODAY));
  };

  test("that hold make no difference", () => {
    expect(
      found({
        expTotalRiskLevel: 1,
        expAgeOfMostRecentDateWithLowRisk: 2,
        expAgeOfMostRecentDateWithHighRisk: null,
        expNumberOfDaysWithLowRisk: 1,
        expNumberOfDaysWithHighRisk: 0,
        expTotalMinimumDistinctEncountersWithLowRisk: 1,
        expTotalMinimumDistinctEncountersWithHighRisk: 0,
      }),
    ).toEqual([]);
  });

  test.each([
    ["expTotalRiskLevel", 2, 1],
    ["expAgeOfMostRecentDateWithLowRisk", 1, 2],
    ["expAgeOfMostRecentDateWithLowRisk", null, 2],
    ["expAgeOfMostRecentDateWithHighRisk", 2, null],
    ["expNumberOfDaysWithLowRisk", 0, 1],
    ["expNumberOfDaysWithHighRisk", 1, 0],
    ["expTotalMinimumDistinctEncountersWithLowRisk", 2, 1],
    ["expTotalMinimumDistinctEncountersWithHighRisk", 1, 0],
  ])("%s of %s does not hold", (field, expected, actual) => {
    expect(found({ [field]: expected })).toEqual([{ field, expected, actual }]);
  });

  test("of encounters do not hold for a model that counts none", () => {
    const model = riskModelOf(
      { model: "daily-summaries", attenuationBucketThresholdDb: [1, 2, 80] },
      "It",
    );
    const field = "expTotalMinimumDistinctEncountersWithLowRisk";
    expect(found({ [field]: 1, expTotalRiskLevel: 1 }, model)).toEqual([
      { field, expected: 1, actual: undefined },
    ]);
  });
});
