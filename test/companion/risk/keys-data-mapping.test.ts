import { describe, expect, test } from "vitest";
import {
  EXPRESS_INFECTIOUSNESS,
  infectiousnessDays,
  infectiousnessOf,
  unpackInfectiousness,
} from "../../../companion/risk/infectiousness.ts";
import {
  EXPRESS_KEYS,
  type KeysDataMapping,
  mapReport,
} from "../../../companion/risk/keys-data-mapping.ts";
import { riskModelOf } from "../../../companion/risk/risk-configuration.ts";

const express = unpackInfectiousness(EXPRESS_INFECTIOUSNESS)!;

describe("infectiousness", () => {
  test("a packed table has 29 days and the missing one, two bits each, the lowest first", () => {
    expect(express.days).toHaveLength(29);
    const byDay = Object.fromEntries(express.days.map((value, index) => [index - 14, value]));
    const expected = Object.fromEntries(
      Array.from({ length: 29 }, (_, index) => {
        const day = index - 14;
        return [day, day >= -1 && day <= 3 ? 2 : day >= -3 && day <= 10 ? 1 : 0];
      }),
    );
    expect(byDay).toEqual(expected);
    expect(express.whenMissing).toBe(1);
  });

  test("what a packed table cannot hold is refused", () => {
    expect(unpackInfectiousness(0x3n)).toBeUndefined();
    expect(unpackInfectiousness(1n << 60n)).toBeUndefined();
    expect(unpackInfectiousness(2n << 58n)?.whenMissing).toBe(2);
  });

  test("days that a map leaves out are none", () => {
    const days = infectiousnessDays({ "-14": 1, 0: 2, 14: 1 });
    expect(days).toEqual([1, ...Array(13).fill(0), 2, ...Array(13).fill(0), 1]);
  });

  test.each([
    ["not published", undefined],
    ["the sentinel of the API", 2 ** 31 - 1],
    ["15 days after", 15],
    ["15 days before", -15],
    ["a code of the Corona-Warn-App", 3986],
  ])("an onset day that is %s counts as missing", (_, day) => {
    expect(infectiousnessOf(day, { ...express, whenMissing: 2 })).toBe(2);
    expect(infectiousnessOf(day, { ...express, whenMissing: 0 })).toBe(0);
  });

  test("day 14 and day -14 are in the table", () => {
    const table = { days: infectiousnessDays({ "-14": 2, 14: 2 }), whenMissing: 0 } as const;
    expect([-15, -14, 0, 14, 15].map((day) => infectiousnessOf(day, table))).toEqual([
      0, 2, 0, 2, 0,
    ]);
  });
});

describe("report types", () => {
  const map = (reportType: number, changes: Partial<KeysDataMapping> = {}) =>
    mapReport({ reportType, daysSinceOnsetOfSymptoms: undefined }, { ...EXPRESS_KEYS, ...changes })
      ?.reportType;

  test.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [0, 3],
    [4, undefined],
    [5, undefined],
    [6, undefined],
    [255, undefined],
    [-1, undefined],
  ])("%i is taken as %s by default", (published, taken) => {
    expect(map(published)).toBe(taken);
  });

  test("one that is missing is what the configuration says", () => {
    expect(map(0, { reportTypeWhenMissing: 1 })).toBe(1);
  });

  test("one that is missing does not count when what stands for it does not", () => {
    expect(map(0, { reportTypeWhenMissing: 4 })).toBeUndefined();
  });

  test("recursive reports count when the configuration says so", () => {
    expect(map(4, { reportTypes: [1, 2, 3, 4] })).toBe(4);
    expect(map(3, { reportTypes: [1, 2] })).toBeUndefined();
  });

  test("a day without infectiousness does not count", () => {
    expect(mapReport({ reportType: 1, daysSinceOnsetOfSymptoms: 11 }, EXPRESS_KEYS)).toBe(
      undefined,
    );
  });
});

test("the Corona-Warn-App's server packs transmission risk levels 1 to 8 into report type and onset day", () => {
  const { keys } = riskModelOf(
    {
      model: "corona-warn-app",
      diagnosisKeysDataMapping: {
        daysSinceOnsetToInfectiousness: { 1: 1, 2: 2 },
        infectiousnessWhenDaysSinceOnsetMissing: 0,
        reportTypeWhenMissing: 1,
      },
    },
    "It",
  );
  const offsets = { 1: 6, 2: 4, 3: 2, 4: 0 };
  const levels = [4, 4, 3, 3, 2, 2, 1, 1].map((reportType, index) => {
    const daysSinceOnsetOfSymptoms = index % 2 ? 2 : 1;
    const report = mapReport({ reportType, daysSinceOnsetOfSymptoms }, keys)!;
    return offsets[report.reportType] + report.infectiousness;
  });
  expect(levels).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(mapReport({ reportType: 1, daysSinceOnsetOfSymptoms: undefined }, keys)).toBeUndefined();
});
