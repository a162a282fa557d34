import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY, HOUR } from "../../../simulator/scenarios/days.ts";
import type { Episode } from "../../../simulator/scenarios/scenario.ts";
import { createTruth, truthOf } from "../../../simulator/scenarios/truth.ts";

const episode = (from: number, to: number, metres = 1, other: Partial<Episode> = {}): Episode => ({
  ...{ a: 0, b: 1, from, to, metres, offA: 0, offB: 0, walls: 0 },
  ...other,
});

function truthIn(...days: Episode[][]) {
  const truth = createTruth();
  for (const day of days) truth.add(day);
  return truth.finish();
}

test("a contact is joined over pauses of up to a minute, without counting them", () => {
  const { contacts } = truthIn([
    episode(100, 200, 1),
    episode(200, 260, 3),
    episode(260, 360, 2),
    episode(421, 600, 0.5),
  ]);
  expect(contacts).toEqual([
    { a: 0, b: 1, from: 100, to: 360, seconds: 200, metres: 1.5 },
    { a: 0, b: 1, from: 421, to: 600, seconds: 179, metres: 0.5 },
  ]);
});

test("a contact goes on over midnight", () => {
  const { contacts } = truthIn([episode(DAY - 300, DAY)], [], [episode(2 * DAY, 2 * DAY + 100)]);
  expect(contacts.map(({ from, to }) => [from, to])).toEqual([
    [DAY - 300, DAY],
    [2 * DAY, 2 * DAY + 100],
  ]);
  const joined = truthIn([episode(DAY - 300, DAY - 20)], [episode(DAY + 40, DAY + 100)]);
  expect(joined.contacts).toMatchObject([{ from: DAY - 300, to: DAY + 100, seconds: 340 }]);
});

test("walls and distance make no contact, and less than a minute is not listed, but counted", () => {
  const truth = truthIn([
    episode(0, 600, 2.01),
    episode(0, 600, 1, { b: 2, walls: 1 }),
    episode(0, 59, 1, { b: 3 }),
    episode(0, 60, 2, { b: 4 }),
  ]);
  expect(truth.contacts).toMatchObject([{ a: 0, b: 4, seconds: 60 }]);
  expect(truth.secondsWithin(0, 3, 0, 1000)).toBe(59);
  expect(truth.secondsWithin(0, 1, 0, 1000)).toBe(0);
  expect(truth.secondsWithin(0, 2, 0, 1000)).toBe(0);
  expect(truth.secondsWithin(7, 8, 0, 1000)).toBe(0);
});

test("the truth of a scenario is that of the days lived through, of which the last may be cut short", () => {
  const days = [
    [episode(100, 400), episode(DAY - 300, DAY)],
    [episode(DAY, DAY + 200), episode(DAY + 9 * HOUR, DAY + 10 * HOUR)],
  ];
  const scenario = { day: (index: number) => days[index] as Episode[] };
  const until = (lived: number) =>
    truthOf(scenario, lived).contacts.map(({ from, to, seconds }) => [from, to, seconds]);
  const first = [100, 400, 300];
  const overMidnight = [DAY - 300, DAY + 200, 500];
  expect(until(0)).toEqual([]);
  expect(until(1)).toEqual([first, [DAY - 300, DAY, 300]]);
  expect(until(2)).toEqual([first, overMidnight, [DAY + 9 * HOUR, DAY + 10 * HOUR, HOUR]]);
  expect(until(1 + 9 / 24)).toEqual([first, overMidnight]);
  expect(until(1 + 9.25 / 24)).toEqual([
    first,
    overMidnight,
    [DAY + 9 * HOUR, DAY + 9.25 * HOUR, 900],
  ]);
});

test("seconds within 2 m between any two times are those of a count second by second", () => {
  const runs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 })));
  const time = fc.integer({ min: -5, max: 120 });
  fc.assert(
    fc.property(runs, time, time, (gapsAndRuns, from, to) => {
      const near = new Set<number>();
      const episodes: Episode[] = [];
      let now = 0;
      for (const [gap, run] of gapsAndRuns) {
        episodes.push(episode(now + gap, now + gap + run));
        for (let second = 0; second < run; second++) near.add(now + gap + second);
        now += gap + run;
      }
      const expected = [...near].filter((second) => second >= from && second < to).length;
      const truth = truthIn(episodes);
      expect(truth.secondsWithin(0, 1, from, to)).toBe(expected);
      expect(truth.secondsWithin(1, 0, from, to)).toBe(expected);
    }),
  );
});
