import fc from "fast-check";
import { expect, test } from "vitest";
import { histogramOf } from "../../../simulator/report/figures/histogram-of.ts";
import {
  about,
  count,
  countOf,
  decimal,
  interval,
  milliampereHours,
  percent,
  timeOfDay,
} from "../../../simulator/report/numbers.ts";
import { capital, personNamed } from "../../../simulator/report/words.ts";

test("numbers have the digits that mean something", () => {
  expect(percent(0.9921)).toBe("99.2\u00a0%");
  expect(percent(1)).toBe("100.0\u00a0%");
  expect(milliampereHours(1.117)).toBe("1.12\u00a0mAh");
  expect(milliampereHours(0.0042)).toBe("0.004\u00a0mAh");
  expect(count(1360)).toBe("1,360");
  expect(countOf(1, "person")).toBe("1 person");
  expect(about(2_058_624)).toBe("2,100,000");
  expect(timeOfDay(9 * 3600 + 5 * 60 + 59)).toBe("09:05");
});

test("minus signs are minus signs, and nothing is minus nought", () => {
  expect(decimal(-3.14, 1)).toBe("−3.1");
  expect(decimal(-0.04, 1)).toBe("0.0");
});

test("what is not known is said in words", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null as unknown as number]) {
    for (const write of [percent, milliampereHours, count, about]) {
      expect(write(value)).toBe("not known");
    }
  }
});

test("an interval says its unit once, and one seed has none", () => {
  const estimate = { mean: 0.9, low: 0.85, high: 0.95 };
  expect(interval(estimate, 5, percent)).toBe("85.0 to 95.0\u00a0%");
  expect(interval(estimate, 1, percent)).toBe("one seed: no interval");
});

test("a number of a trace is called a person", () => {
  expect(personNamed("492")).toBe("person 492");
  expect(personNamed("nurse 2")).toBe("nurse 2");
  expect(personNamed(undefined)).toBe("person not known");
  expect(capital("nurse 2")).toBe("Nurse 2");
});

test("a histogram counts each value once, in at most 18 classes that lie side by side", () => {
  const values = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, (days) => {
      const bars = histogramOf(days);
      expect(bars.length).toBeLessThanOrEqual(18);
      for (const [index, bar] of bars.entries()) {
        const within = days.filter((day) => day >= bar.from && day < bar.to);
        expect(bar.count).toBe(within.length);
        if (index) expect(bar.from).toBe(bars[index - 1]!.to);
      }
      expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(days.length);
    }),
  );
});
