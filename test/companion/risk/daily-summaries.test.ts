import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DailySummary, dailySummaries } from "../../../companion/risk/daily-summaries.ts";
import {
  type DailySummariesConfiguration,
  EXPRESS_DAILY_SUMMARIES,
} from "../../../companion/risk/daily-summaries-schema.ts";
import type { ExposureWindow } from "../../../companion/risk/exposure-windows.ts";
import type { Infectiousness } from "../../../companion/risk/infectiousness.ts";
import { EXPRESS_KEYS, type ReportType } from "../../../companion/risk/keys-data-mapping.ts";
import { scan, TODAY, window } from "./make-windows.ts";

type Changes = Partial<DailySummariesConfiguration>;

const modelWith = (changes: Changes = {}) =>
  dailySummaries({ ...EXPRESS_DAILY_SUMMARIES, ...changes }, EXPRESS_KEYS);

/** Day and summary, the latest first. */
const summaries = (windows: ExposureWindow[], changes: Changes = {}) =>
  [...modelWith(changes).examine(windows, TODAY)].map(
    ([day, { figures }]) => [day, figures as DailySummary] as const,
  );

const total = (windows: ExposureWindow[], changes: Changes = {}) =>
  summaries(windows, changes)[0]?.[1].summary;

// 20 dB are immediate, 40 near, 55 medium and 70 other.
const near = (seconds: number) => scan(seconds, 40);

const ZERO = { maximumScore: 0, scoreSum: 0, weightedDurationSum: 0 };

describe("buckets", () => {
  const attenuationBucketWeights: [number, number, number, number] = [2.5, 2, 0.3, 0.1];

  test.each([
    [0, 2.5],
    [30, 2.5],
    [31, 2],
    [50, 2],
    [51, 0.3],
    [60, 0.3],
    [61, 0.1],
    [255, 0.1],
  ])("a typical attenuation of %i dB weighs %d, each threshold included", (attenuation, weight) => {
    expect(
      total([window([scan(100, 0, attenuation)])], { attenuationBucketWeights })
        ?.weightedDurationSum,
    ).toBe(weight * 100);
  });

  test("go by the typical attenuation, not the least", () => {
    expect(total([window([scan(100, 10, 55)])])?.weightedDurationSum).toBe(50);
  });
});

describe("a score", () => {
  const reportTypeWeights = { 1: 2, 2: 1.5, 3: 0.5, 4: 0.1 };

  test.each([
    [1, 1, 200 * 0.7],
    [1, 2, 200 * 2.5],
    [2, 1, 150 * 0.7],
    [3, 2, 50 * 2.5],
    [4, 2, 10 * 2.5],
  ] as const)(
    "of report type %i and infectiousness %i is the weighted duration times both weights: %d",
    (reportType, infectiousness, score) => {
      const one = window([near(100)], { reportType, infectiousness });
      const changes = { reportTypeWeights, infectiousnessWeights: { 1: 0.7, 2: 2.5 } };
      expect(total([one], changes)?.scoreSum).toBe(score);
      expect(total([one], changes)?.weightedDurationSum).toBe(100);
    },
  );

  test("is not lost to binary fractions", () => {
    const changes = { minimumWindowScore: 0.3, infectiousnessWeights: { 1: 0.1, 2: 0 } };
    // 0.1 * 3 is 0.30000000000000004, and 0.7 * 0.1 * 10 is 0.7000000000000001.
    expect(total([window([near(3)])], changes)?.scoreSum).toBe(0.3);
    const both = { ...changes, reportTypeWeights: { 1: 0, 2: 0.7, 3: 0, 4: 0 } };
    expect(total([window([near(10)])], both)?.scoreSum).toBe(0.7);
  });
});

describe("a day", () => {
  test("has maximum score, sum of scores and of weighted durations, per report type and in all", () => {
    const windows = [
      window([near(300), scan(60, 20)], { reportType: 1 }),
      window([near(100)], { reportType: 1 }),
      window([near(600)], { reportType: 3 }),
    ];
    const reportTypeWeights = { 1: 2, 2: 1, 3: 0.5, 4: 0 };
    expect(summaries(windows, { reportTypeWeights })).toEqual([
      [
        TODAY - 1,
        {
          summary: { maximumScore: 780, scoreSum: 1280, weightedDurationSum: 1090 },
          byReportType: {
            1: { maximumScore: 780, scoreSum: 980, weightedDurationSum: 490 },
            2: ZERO,
            3: { maximumScore: 300, scoreSum: 300, weightedDurationSum: 600 },
            4: ZERO,
          },
        },
      ],
    ]);
  });

  test("leaves out windows whose score is below the least, durations and all", () => {
    const windows = [window([near(299)]), window([near(300)])];
    expect(total(windows, { minimumWindowScore: 300 })).toEqual({
      maximumScore: 300,
      scoreSum: 300,
      weightedDurationSum: 300,
    });
  });

  test("whose windows are all left out is listed with zeros", () => {
    expect(summaries([window([near(299)])], { minimumWindowScore: 300 })).toEqual([
      [TODAY - 1, { summary: ZERO, byReportType: { 1: ZERO, 2: ZERO, 3: ZERO, 4: ZERO } }],
    ]);
  });

  test("has no window of infectiousness none, whose seconds would count otherwise", () => {
    expect(summaries([window([near(300)], { infectiousness: 0 })])).toEqual([]);
    const both = [window([near(300)], { infectiousness: 0 }), window([near(60)])];
    expect(total(both)?.weightedDurationSum).toBe(60);
  });

  test("takes seconds below zero as they are, like the API, but no wearer is told of them", () => {
    const one = window([near(600), near(-120)]);
    expect(total([one])?.scoreSum).toBe(480);
    expect(modelWith().assess([one], TODAY).days[0]?.minutes).toBe(10);
  });

  test.each([
    [14, 14, 1],
    [15, 14, 0],
    [1, 1, 1],
    [2, 1, 0],
    [400, 0, 1],
  ])("%i days ago with a threshold of %i is in %i summary", (age, threshold, count) => {
    const windows = [window([near(300)], { day: TODAY - age })];
    expect(summaries(windows, { daysSinceExposureThreshold: threshold })).toHaveLength(count);
  });
});

describe("the level", () => {
  const risk = (seconds: number, changes: Changes = {}) =>
    modelWith(changes).assess([window([near(seconds)])], TODAY);

  test.each([
    [299, "none"],
    [300, "low"],
    [899, "low"],
    [900, "high"],
  ])("of %i seconds at full weight is %s", (seconds, level) => {
    expect(risk(seconds).level).toBe(level);
  });

  test("follows the configured sums of scores", () => {
    const levels = { lowFromScoreSum: 60, highFromScoreSum: 61 };
    expect([59, 60, 61].map((seconds) => risk(seconds, { levels }).level)).toEqual([
      "none",
      "low",
      "high",
    ]);
  });

  test("is told with the minutes and the signal strength that counted, the latest day first", () => {
    const windows = [
      window([near(900), scan(600, 70), scan(300, 20)]),
      window([near(3600)], { reportType: 4 }),
      window([near(400)], { day: TODAY }),
      window([near(100)], { day: TODAY - 3 }),
    ];
    expect(modelWith().assess(windows, TODAY)).toEqual({
      level: "high",
      days: [
        { day: TODAY, level: "low", minutes: 7, attenuationDb: 40 },
        { day: TODAY - 1, level: "high", minutes: 20, attenuationDb: 35 },
      ],
    });
  });

  test("is none when the API's own weights of 0 are set", () => {
    const nothing = {
      reportTypeWeights: { 1: 0, 2: 0, 3: 0, 4: 0 },
      infectiousnessWeights: { 1: 0, 2: 0 },
    };
    expect(risk(1_000_000, nothing)).toEqual({ level: "none", days: [] });
  });
});

describe("for all windows", () => {
  const anyWindows = fc.array(
    fc
      .record({
        age: fc.integer({ min: 0, max: 3 }),
        reportType: fc.constantFrom<ReportType>(1, 2, 3, 4),
        infectiousness: fc.constantFrom<Infectiousness>(0, 1, 2),
        seconds: fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }),
        attenuation: fc.integer({ min: 0, max: 90 }),
      })
      .map(({ age, reportType, infectiousness, seconds, attenuation }) =>
        window(
          seconds.map((each) => scan(each, attenuation)),
          { day: TODAY - age, reportType, infectiousness },
        ),
      ),
    { maxLength: 12 },
  );
  const changes: Changes = {
    reportTypeWeights: { 1: 1.1, 2: 0.7, 3: 0.3, 4: 0.1 },
    infectiousnessWeights: { 1: 0.9, 2: 2.3 },
    attenuationBucketWeights: [1.7, 1.1, 0.3, 0.1],
  };

  test("their order does not matter", () => {
    fc.assert(
      fc.property(anyWindows, (windows) => {
        expect(summaries([...windows].reverse(), changes)).toEqual(summaries(windows, changes));
      }),
    );
  });

  test("a day's total is what its report types add up to", () => {
    fc.assert(
      fc.property(anyWindows, (windows) => {
        for (const [, { summary, byReportType }] of summaries(windows, changes)) {
          const parts = Object.values(byReportType);
          const sum = (of: (part: typeof summary) => number) =>
            parts.reduce((all, part) => all + of(part), 0);
          expect(summary.scoreSum).toBeCloseTo(
            sum((part) => part.scoreSum),
            6,
          );
          expect(summary.weightedDurationSum).toBeCloseTo(
            sum((part) => part.weightedDurationSum),
            6,
          );
          expect(summary.maximumScore).toBe(Math.max(...parts.map((part) => part.maximumScore)));
          expect(summary.maximumScore).toBeLessThanOrEqual(summary.scoreSum);
        }
      }),
    );
  });

  test("twice the seconds are twice the score", () => {
    fc.assert(
      fc.property(anyWindows, (windows) => {
        const twice = windows.map((each) => ({
          ...each,
          scanInstances: each.scanInstances.map((instance) => ({
            ...instance,
            secondsSinceLastScan: 2 * instance.secondsSinceLastScan,
          })),
        }));
        const sums = (all: ExposureWindow[]) =>
          summaries(all, changes).map(([, { summary }]) => summary.scoreSum);
        const longer = sums(twice);
        sums(windows).forEach((sum, index) => {
          expect(longer[index]).toBeCloseTo(2 * sum, 6);
        });
      }),
    );
  });
});
