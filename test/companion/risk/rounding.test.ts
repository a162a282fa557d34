import fc from "fast-check";
import { expect, test } from "vitest";
import { roundHalfUp, settled } from "../../../companion/risk/rounding.ts";

test.each([
  [4.94, 4.9],
  [4.949_999_99, 4.9],
  [4.95, 5],
  [4.949999999999999, 5],
  [2.9499999999999997, 3],
  [8.95, 9],
  [8.96, 9],
  [0.05, 0.1],
  [0.049, 0],
  [0, 0],
  [-0.05, 0],
  [-0.06, -0.1],
])("%d is %d, rounded half up to one decimal", (value, rounded) => {
  expect(roundHalfUp(value, 1)).toBeCloseTo(rounded, 12);
  expect(roundHalfUp(value, 1)).toBe(rounded);
});

test("every tie goes up, and what is a thousandth below it goes down", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (tenths) => {
      expect(roundHalfUp((tenths * 10 + 5) / 100, 1)).toBe((tenths + 1) / 10);
      expect(roundHalfUp((tenths * 100 + 49) / 1000, 1)).toBe(tenths / 10);
    }),
  );
});

test("a sum of decimals is settled to what it is in decimals, whatever its order", () => {
  expect(0.1 + 0.2).not.toBe(0.3);
  expect(settled(0.1 + 0.2)).toBe(0.3);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 50 }), (tenths) => {
      const sum = (all: number[]) => settled(all.reduce((total, each) => total + each / 10, 0));
      const exact = tenths.reduce((total, each) => total + each, 0) / 10;
      expect(sum(tenths)).toBe(exact);
      expect(sum([...tenths].reverse())).toBe(exact);
    }),
  );
});
