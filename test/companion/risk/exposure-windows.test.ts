import { expect, test } from "vitest";
import type { Match } from "../../../companion/matching/match-log.ts";
import { exposureWindows } from "../../../companion/risk/exposure-windows.ts";
import { EXPRESS_KEYS } from "../../../companion/risk/keys-data-mapping.ts";
import { DEFAULT_RISK_MODEL } from "../../../companion/risk/risk-configuration.ts";

const NOON = 20_000 * 144 + 72;
const TODAY = 20_003;

const match = (changes: Partial<Match> = {}): Match => ({
  group: 0,
  interval: NOON,
  minutes: 5,
  typicalAttenuation: 60,
  minAttenuation: 55,
  calibrationConfidence: 0,
  reportType: 1,
  daysSinceOnsetOfSymptoms: undefined,
  ...changes,
});

const risk = (...matches: Match[]) => DEFAULT_RISK_MODEL.assess(exposureWindows(matches), TODAY);

test("a record becomes a scan instance of the minutes that it stands for", () => {
  expect(exposureWindows([match({ minutes: 7, calibrationConfidence: 2 })])).toEqual([
    {
      day: 20_000,
      reportType: 1,
      infectiousness: 1,
      calibrationConfidence: 2,
      scanInstances: [{ typicalAttenuation: 60, minAttenuation: 55, secondsSinceLastScan: 420 }],
    },
  ]);
});

test("a window holds at most 30 minutes with one person", () => {
  const intervals = [0, 1, 2, 3, 4, 9];
  const windows = exposureWindows(intervals.map((each) => match({ interval: NOON + each })));
  expect(windows.map((window) => window.scanInstances.length)).toEqual([3, 2, 1]);
});

test("people and days are kept apart", () => {
  const windows = exposureWindows([
    match({ group: 1 }),
    match(),
    match({ group: 2, interval: NOON + 144 }),
  ]);
  expect(windows.map((window) => window.day)).toEqual([20_000, 20_000, 20_001]);
});

test("a match of a report that does not count makes no window", () => {
  const types = [0, 1, 2, 3, 4, 5, 6].map((reportType, group) => match({ reportType, group }));
  expect(exposureWindows(types).map(({ reportType }) => reportType)).toEqual([3, 1, 2, 3]);
  const recursive = { ...EXPRESS_KEYS, reportTypes: [4] as const };
  expect(exposureWindows(types, recursive).map(({ reportType }) => reportType)).toEqual([4]);
});

// Weight 0.8 below 63 dB, value 1.4 for a confirmed test of unknown onset: 1.12 for a minute. Eight
// minutes make 8.96, which is rounded to 9.0 before it is compared.
test.each([
  [4, "none"],
  [5, "low"],
  [7, "low"],
  [8, "high"],
])("%i minutes close to a confirmed case make risk %s", (minutes, level) => {
  expect(risk(match({ minutes })).level).toBe(level);
});

test.each([
  [62, "high"],
  [72, "high"],
  [73, "none"],
  [79, "none"],
])("ten minutes at a least attenuation of %i dB make risk %s", (minAttenuation, level) => {
  expect(risk(match({ minutes: 10, minAttenuation })).level).toBe(level);
});

test.each([
  [1, "high"],
  [2, "high"],
  [3, "low"],
  [0, "low"],
  [4, "none"],
  [5, "none"],
  [9, "none"],
])("twelve minutes near a case of report type %i make risk %s", (reportType, level) => {
  expect(risk(match({ minutes: 12, reportType })).level).toBe(level);
});

test.each([
  [-4, "none"],
  [-3, "low"],
  [-1, "high"],
  [3, "high"],
  [4, "low"],
  [10, "low"],
  [11, "none"],
  [undefined, "low"],
])("seven minutes at onset day %s make risk %s", (daysSinceOnsetOfSymptoms, level) => {
  expect(risk(match({ minutes: 7, daysSinceOnsetOfSymptoms })).level).toBe(level);
});

test("the days of an exposure say minutes and mean attenuation, the latest first", () => {
  const { level, days } = risk(
    match({ minutes: 5, typicalAttenuation: 50 }),
    match({ minutes: 15, typicalAttenuation: 60, group: 1 }),
    match({ minutes: 6, interval: NOON + 288, group: 2 }),
  );
  expect(level).toBe("high");
  expect(days).toEqual([
    { day: 20_002, level: "low", minutes: 6, attenuationDb: 60 },
    { day: 20_000, level: "high", minutes: 20, attenuationDb: 58 },
  ]);
});

test("what is too far away to count is not in the minutes either", () => {
  const { days } = risk(
    match({ minutes: 10 }),
    match({ minutes: 20, minAttenuation: 85, typicalAttenuation: 90, group: 1 }),
  );
  expect(days).toEqual([{ day: 20_000, level: "high", minutes: 10, attenuationDb: 60 }]);
});

test("no match is no risk", () => {
  expect(risk()).toEqual({ level: "none", days: [] });
});
