import { expect, test } from "vitest";
import type { JudgedContact } from "../../../simulator/findings/judge.ts";
import {
  FIRST_PUBLICATION_DAYS,
  LAST_PUBLICATION_DAYS,
  warningDelays,
} from "../../../simulator/findings/warning.ts";
import { contact } from "./hand-made.ts";

const MINUTES_PER_DAY = 1440;

// One contact of 20 minutes for each of many wearers, at some hour of some day.
function judged(count: number, changes: Partial<JudgedContact> = {}): JudgedContact[] {
  return Array.from({ length: count }, (_, wearer) => {
    const from = (wearer % 7) * MINUTES_PER_DAY + (wearer % 24) * 60;
    return {
      contact: contact(from, from + 20),
      wearer,
      other: count,
      trueMinutes: 20,
      concludedMinutes: 20,
      isFound: true,
      ...changes,
    };
  });
}

const delays = (all: readonly JudgedContact[], seed = "1") =>
  Object.fromEntries(
    warningDelays([{ seed, judged: all }]).map(({ habit, ...rest }) => [habit, rest]),
  );

test("who comes every day is always warned, within a day and an hour", () => {
  const { "every day": daily } = delays(judged(2000));
  expect(daily!.warned).toBe(1);
  expect(daily!.low).toBeGreaterThan(0);
  expect(daily!.median).toBeCloseTo(0.5, 1);
  expect(daily!.high).toBeLessThan(1 + 1 / 24);
});

test("the rarer the visits the later the warning, and some come too late", () => {
  const all = delays(judged(2000));
  // Half of the time to the next visit, the longer gap of a week being the likelier: (3 * 3 + 4 * 4) / 14 on average.
  expect(all["twice a week"]!.median).toBeGreaterThan(1.5);
  expect(all["twice a week"]!.high).toBeLessThan(4 + 1 / 24);
  expect(all["every week"]!.median).toBeCloseTo(3.5, 0);
  expect(all["every week"]!.warned).toBe(1);
  // A visit within the 14 days less 4.45 on average since the contact comes in so much of all fortnights.
  const average = (FIRST_PUBLICATION_DAYS + LAST_PUBLICATION_DAYS) / 2;
  expect(all["every fortnight"]!.warned).toBeCloseTo((14 - average) / 14, 1);
  expect(all["every fortnight"]!.high).toBeLessThan(14 - FIRST_PUBLICATION_DAYS);
});

test("chances are the seed's", () => {
  expect(delays(judged(50), "a")).toEqual(delays(judged(50), "a"));
  expect(delays(judged(50), "a")).not.toEqual(delays(judged(50), "b"));
});

test("nobody is warned of what was not found, or is short", () => {
  const nothing = { warned: 0, low: 0, median: 0, high: 0 };
  for (const changes of [{ isFound: false }, { trueMinutes: 9 }]) {
    expect(Object.values(delays(judged(10, changes)))).toEqual([
      nothing,
      nothing,
      nothing,
      nothing,
    ]);
  }
});
