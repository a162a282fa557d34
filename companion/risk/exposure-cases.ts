/**
 * Exposure windows in files, in the format in which the Corona-Warn-App's test cases are published: windows by age in
 * days, and what a model should find in them.
 *
 * @module
 */
import { z } from "zod";
import { Failure } from "../failure.ts";
import { checkShape, listOf, must, objectOf, parseJson, wholeFrom } from "./checked-json.ts";
import type { ExposureWindow } from "./exposure-windows.ts";
import type { Infectiousness } from "./infectiousness.ts";
import type { ReportType } from "./keys-data-mapping.ts";
import type { RiskModel } from "./risk.ts";

const CODE = "windows-malformed";
const MS_PER_DAY = 86_400_000;

const decibels = wholeFrom(0, 255);
const seconds = must("a whole number of seconds");
const window = objectOf({
  /** Before today; or `date`. */
  ageInDays: wholeFrom(0, 100_000).optional(),
  /** UTC, YYYY-MM-DD. */
  date: z.iso.date(must("a date like 2026-05-11")).optional(),
  reportType: wholeFrom(1, 4),
  infectiousness: wholeFrom(0, 2),
  calibrationConfidence: wholeFrom(0, 3),
  scanInstances: listOf(
    objectOf({
      minAttenuation: decibels,
      typicalAttenuation: decibels,
      secondsSinceLastScan: z.number(seconds).int(seconds),
    }),
  ),
}).refine(
  ({ ageInDays, date }) => (ageInDays === undefined) !== (date === undefined),
  "must have either ageInDays or date",
);

const count = wholeFrom(0, 1_000_000);
const age = count.nullable();
const expectationFields = {
  /** 1 low, 2 high. */
  expTotalRiskLevel: wholeFrom(1, 2),
  expAgeOfMostRecentDateWithLowRisk: age,
  expAgeOfMostRecentDateWithHighRisk: age,
  expNumberOfDaysWithLowRisk: count,
  expNumberOfDaysWithHighRisk: count,
  expTotalMinimumDistinctEncountersWithLowRisk: count,
  expTotalMinimumDistinctEncountersWithHighRisk: count,
};
const case_ = objectOf({
  description: z.string(must("text")).optional(),
  exposureWindows: listOf(window),
  ...z.object(expectationFields).partial().shape,
});
const caseFile = objectOf({
  __comment__: z.unknown().optional(),
  defaultRiskCalculationConfiguration: z.unknown().optional(),
  testCases: listOf(case_),
});

type FileWindow = z.infer<typeof window>;
type FileCase = z.infer<typeof case_>;
/** By the names of the published cases. */
export type Expectations = {
  readonly [Field in keyof typeof expectationFields]?: number | null | undefined;
};
const EXPECTATIONS = Object.keys(expectationFields) as (keyof Expectations)[];

/** Windows, and what is expected of them. */
export interface ExposureCase {
  readonly description: string | undefined;
  readonly windows: readonly ExposureWindow[];
  /** None when the file only has windows. */
  readonly expected: Expectations;
}

/** What a file holds. */
export interface ExposureCases {
  /** One, unless the file has a list of test cases. */
  readonly cases: readonly ExposureCase[];
  readonly isList: boolean;
  /** The configuration for which these cases were made, if the file has one. */
  readonly configuration: unknown;
}

/** An expectation that does not hold. */
export interface Difference {
  readonly field: string;
  readonly expected: number | null;
  /** Undefined when the model does not say. */
  readonly actual: number | null | undefined;
}

/**
 * Reads a file of test cases, of one case, or of a bare list of windows.
 *
 * @param what - the file, to begin a sentence with
 * @param today - UTC day in days since 1970, from which ages count
 * @throws Failure `windows-malformed`
 */
export function parseExposureCases(bytes: Uint8Array, what: string, today: number): ExposureCases {
  const json = parseJson(bytes, what, CODE);
  if (Array.isArray(json)) {
    const windows = checkShape(listOf(window), json, what, CODE);
    return single({ exposureWindows: windows }, today);
  }
  if (json === null || typeof json !== "object" || !("testCases" in json)) {
    return single(checkShape(case_, json, what, CODE), today);
  }
  const file = checkShape(caseFile, json, what, CODE);
  return {
    cases: file.testCases.map((each) => caseOf(each, today)),
    isList: true,
    configuration: file.defaultRiskCalculationConfiguration,
  };
}

/** Which expectations do not hold for what was found. */
export function differences(expected: Expectations, found: Expectations): Difference[] {
  return EXPECTATIONS.flatMap((field) => {
    const wanted = expected[field];
    return wanted === undefined || wanted === found[field]
      ? []
      : [{ field, expected: wanted, actual: found[field] }];
  });
}

/**
 * What a model finds, in the terms of the published cases: without any risk the total is low, and not nothing.
 *
 * @param today - UTC day in days since 1970
 */
export function outcomeOf(
  windows: readonly ExposureWindow[],
  model: RiskModel,
  today: number,
): Expectations {
  const days = [...model.examine(windows, today)];
  const low = days.filter(([, { level }]) => level === "low");
  const high = days.filter(([, { level }]) => level === "high");
  const ageOf = ([latest]: typeof days) => (latest ? today - latest[0] : null);
  const counted = days.flatMap(([, { encounters }]) => encounters ?? []);
  const countsEncounters = counted.length === days.length;
  return {
    expTotalRiskLevel: high.length ? 2 : 1,
    expAgeOfMostRecentDateWithLowRisk: ageOf(low),
    expAgeOfMostRecentDateWithHighRisk: ageOf(high),
    expNumberOfDaysWithLowRisk: low.length,
    expNumberOfDaysWithHighRisk: high.length,
    ...(countsEncounters && {
      expTotalMinimumDistinctEncountersWithLowRisk: counted.reduce((sum, e) => sum + e.low, 0),
      expTotalMinimumDistinctEncountersWithHighRisk: counted.reduce((sum, e) => sum + e.high, 0),
    }),
  };
}

function single(only: FileCase, today: number): ExposureCases {
  return { cases: [caseOf(only, today)], isList: false, configuration: undefined };
}

function caseOf({ description, exposureWindows, ...expected }: FileCase, today: number) {
  return { description, expected, windows: exposureWindows.map((each) => windowOf(each, today)) };
}

function windowOf(
  { ageInDays, date, reportType, infectiousness, ...rest }: FileWindow,
  today: number,
): ExposureWindow {
  const day = date === undefined ? today - (ageInDays ?? 0) : Date.parse(date) / MS_PER_DAY;
  if (day > today) {
    throw new Failure(
      CODE,
      `The windows have one of ${date}, which is yet to come; correct it, or say with --today when the check is.`,
    );
  }
  return {
    day,
    // Checked by the schema.
    reportType: reportType as ReportType,
    infectiousness: infectiousness as Infectiousness,
    ...rest,
  };
}
