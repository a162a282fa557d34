import fc from "fast-check";
import { expect, test } from "vitest";
import { byDraw, frontierOf, isPrecise } from "../../../simulator/tune/frontier.ts";
import type { Tried } from "../../../simulator/tune/tuning.ts";

const exactly = (mean: number) => ({ mean, low: mean, high: mean });

function tried(recall: number, draw: number, precision = 1): Tried {
  return {
    trial: { family: "length", name: `${recall} for ${draw}`, plan: {} },
    recall: exactly(recall),
    precision: exactly(precision),
    draw: exactly(draw),
    scanning: exactly(0),
    cpu: exactly(0),
  };
}

// Few different values, so that there are equal ones.
const schedules = fc.array(
  fc
    .tuple(
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 0, max: 12 }),
      fc.constantFrom(1, 0.95, 0.9499, 0.2),
    )
    .map(([recall, draw, precision]) => tried(recall / 12, draw / 6, precision)),
  { maxLength: 20 },
);

const beats = (one: Tried, other: Tried): boolean =>
  one.recall.mean >= other.recall.mean &&
  one.draw.mean <= other.draw.mean &&
  (one.recall.mean > other.recall.mean || one.draw.mean < other.draw.mean);
const equals = (one: Tried, other: Tried): boolean =>
  one.recall.mean === other.recall.mean && one.draw.mean === other.draw.mean;

test("nothing on the frontier is beaten, and everything precise off it is beaten or equalled by what is on it", () => {
  fc.assert(
    fc.property(schedules, (all) => {
      const precise = all.filter(isPrecise);
      const frontier = frontierOf(all);
      for (const each of frontier) expect(precise.some((other) => beats(other, each))).toBe(false);
      for (const each of precise.filter((one) => !frontier.includes(one))) {
        expect(frontier.some((other) => beats(other, each) || equals(other, each))).toBe(true);
      }
    }),
  );
});

test("less than 95 % right is not precise enough for the frontier, however much is found for however little", () => {
  const cheap = tried(1, 0.1, 0.9499);
  const fair = tried(0.9, 1, 0.95);
  expect(frontierOf([cheap, fair, tried(0.8, 2)])).toEqual([fair]);
  expect(frontierOf([cheap])).toEqual([]);
});

test("along the frontier both charge and recall grow", () => {
  fc.assert(
    fc.property(schedules, (all) => {
      const frontier = frontierOf(all);
      for (const [index, each] of frontier.slice(1).entries()) {
        expect(each.draw.mean).toBeGreaterThan(frontier[index]!.draw.mean);
        expect(each.recall.mean).toBeGreaterThan(frontier[index]!.recall.mean);
      }
    }),
  );
});

test("sorting leaves the list as it was and loses nothing", () => {
  fc.assert(
    fc.property(schedules, (all) => {
      const before = [...all];
      expect(new Set(byDraw(all))).toEqual(new Set(before));
      expect(all).toEqual(before);
    }),
  );
});
