import fc from "fast-check";
import { expect, test } from "vitest";
import { estimate, estimateShare, studentQuantile } from "../../../simulator/findings/estimate.ts";
import { spreadOf } from "../../../simulator/findings/spread.ts";

test("the quantiles of Student's t are the published ones", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, column 0.975.
  const published = { 1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 9: 2.262, 30: 2.042 };
  for (const [degrees, quantile] of Object.entries(published)) {
    expect(studentQuantile(Number(degrees))).toBeCloseTo(quantile, 3);
  }
  expect(studentQuantile(100)).toBeCloseTo(1.984, 3);
});

test("a mean over seeds has its interval, and one seed only itself", () => {
  // 2 +- 4.303 * 1 / sqrt(3).
  const { mean, low, high } = estimate([1, 2, 3]);
  expect(mean).toBe(2);
  expect(low).toBeCloseTo(2 - 2.484, 3);
  expect(high).toBeCloseTo(2 + 2.484, 3);
  expect(estimate([0.7])).toEqual({ mean: 0.7, low: 0.7, high: 0.7 });
  expect(estimate([])).toEqual({ mean: 0, low: 0, high: 0 });
});

test("a share stays a share, and seeds without anything to count do not enter it", () => {
  const shares = estimateShare([
    { part: 9, whole: 10 },
    { part: 5, whole: 5 },
    { part: 0, whole: 0 },
  ]);
  expect(shares.mean).toBeCloseTo(0.95);
  expect(shares.low).toBeCloseTo(0.95 - 12.706 * 0.05, 3);
  expect(shares.high).toBe(1);
  expect(estimateShare([{ part: 0, whole: 0 }])).toEqual({ mean: 0, low: 0, high: 0 });
});

test("every share's mean lies in its interval, between 0 and 1", () => {
  const ratio = fc
    .tuple(fc.nat(20), fc.nat(20))
    .map(([one, other]) => ({ part: Math.min(one, other), whole: Math.max(one, other) }));
  fc.assert(
    fc.property(fc.array(ratio, { maxLength: 8 }), (ratios) => {
      const { mean, low, high } = estimateShare(ratios);
      for (const each of [mean, low, high]) {
        expect(each).toBeGreaterThanOrEqual(0);
        expect(each).toBeLessThanOrEqual(1);
      }
      expect(low).toBeLessThanOrEqual(mean);
      expect(high).toBeGreaterThanOrEqual(mean);
    }),
  );
});

test("percentiles lie between the values next to them", () => {
  expect(spreadOf(Array.from({ length: 11 }, (_, i) => 10 * (10 - i)))).toEqual({
    low: 10,
    median: 50,
    high: 90,
  });
  expect(spreadOf([1, 2])).toEqual({ low: 1.1, median: 1.5, high: 1.9 });
  expect(spreadOf([])).toEqual({ low: 0, median: 0, high: 0 });
});
