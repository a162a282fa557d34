import fc from "fast-check";
import { expect, test } from "vitest";
import { quantile } from "../../simulator/quantile.ts";

test("quantiles lie at the values and in proportion between them", () => {
  expect([0, 0.5, 1].map((share) => quantile([3, 5, 11], share))).toEqual([3, 5, 11]);
  expect(quantile([3, 5, 11], 0.25)).toBe(4);
  expect(quantile([3, 5, 11], 0.75)).toBe(8);
  expect(quantile(Float64Array.of(7), 0.3)).toBe(7);
  expect(quantile([], 0.5)).toBe(0);
});

test("they grow with the share, from the least value to the greatest", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(values, share, share, (sample, one, other) => {
      const sorted = sample.sort((a, b) => a - b);
      const [low, high] = [one, other]
        .sort((a, b) => a - b)
        .map((each) => quantile(sorted, each)) as [number, number];
      // Rounding may take the last bits.
      expect(high).toBeGreaterThanOrEqual(low - 1e-9);
      expect(low).toBeGreaterThanOrEqual(sorted[0]! - 1e-9);
      expect(high).toBeLessThanOrEqual(sorted.at(-1)! + 1e-9);
    }),
  );
});
