import fc from "fast-check";
import { expect, test } from "vitest";
import { createShadowing, SHADOWING_SPREAD } from "../../../simulator/air/shadowing.ts";
import { createRandom } from "../../../simulator/random.ts";

const PERSONS = 60;
const shadowing = createShadowing(createRandom("shadowing"), PERSONS);
const pairs = Array.from({ length: PERSONS }, (_, a) =>
  Array.from({ length: a }, (_, b) => [a, b] as const),
).flat();

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: number[]) =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const correlation = (pairs: [number, number][]) => {
  const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
  const product = mean(pairs.map(([a, b]) => (a - mean(first)) * (b - mean(second))));
  return product / (deviation(first) * deviation(second));
};

test("slow shadowing is the same both ways, and the same again", () => {
  const person = fc.nat(PERSONS - 1);
  const again = createShadowing(createRandom("shadowing"), PERSONS);
  fc.assert(
    fc.property(person, person, fc.nat(14 * 86_400), (a, b, seconds) => {
      expect(shadowing.slow(a, b, seconds)).toBe(shadowing.slow(b, a, seconds));
      expect(again.loss(a, b, seconds)).toBe(shadowing.loss(a, b, seconds));
    }),
  );
  const other = createShadowing(createRandom("other"), PERSONS);
  expect(other.slow(1, 2, 0)).not.toBe(shadowing.slow(1, 2, 0));
});

test("over pairs, and over times of one pair, it spreads as the model says, around nothing", () => {
  const overPairs = pairs.map(([a, b]) => shadowing.slow(a, b, 1000));
  const overTimes = Array.from({ length: 2000 }, (_, i) => shadowing.slow(3, 4, 180 * i));
  for (const values of [overPairs, overTimes]) {
    expect(Math.abs(mean(values))).toBeLessThan(0.3);
    expect(deviation(values)).toBeGreaterThan(SHADOWING_SPREAD - 0.3);
    expect(deviation(values)).toBeLessThan(SHADOWING_SPREAD + 0.3);
  }
});

test("it lasts some minutes: alike after one, forgotten after five", () => {
  const after = (minutes: number) =>
    correlation(
      pairs.map(([a, b]) => [
        shadowing.slow(a, b, 5000),
        shadowing.slow(a, b, 5000 + 60 * minutes),
      ]),
    );
  expect(after(1)).toBeGreaterThan(0.5);
  expect(after(1)).toBeLessThan(0.8);
  expect(Math.abs(after(5))).toBeLessThan(0.1);
});

test("devices differ, in both directions alike for how they are worn", () => {
  const own = (from: number, to: number) =>
    shadowing.loss(from, to, 0) - shadowing.slow(from, to, 0);
  const spread = deviation(pairs.map(([a, b]) => own(a, b)));
  expect(spread).toBeGreaterThan(2);
  expect(spread).toBeLessThan(4);
  const reciprocal = correlation(pairs.map(([a, b]) => [own(a, b), own(b, a)]));
  expect(reciprocal).toBeGreaterThan(0.2);
  expect(reciprocal).toBeLessThan(0.95);
});
