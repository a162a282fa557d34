import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTrace } from "../../../simulator/scenarios/contact-trace.ts";
import { DAY, HOUR } from "../../../simulator/scenarios/days.ts";
import { type ReplayOptions, replayTrace } from "../../../simulator/scenarios/replay.ts";
import type { Scenario } from "../../../simulator/scenarios/scenario.ts";
import { spansOf } from "../../../simulator/scenarios/trace-contacts.ts";
import { truthOf } from "../../../simulator/scenarios/truth.ts";
import { expectFailure } from "../../support/expect-failure.ts";
import { checkDay } from "./check-episodes.ts";

/** A meeting in a trace: lines for each 20 seconds of it. */
const lines = (i: string, j: string, from: number, to: number): string[] =>
  Array.from({ length: (to - from) / 20 }, (_, slot) => `${from + 20 * slot + 20} ${i} ${j}`);

const replay = (text: string[], options: Partial<ReplayOptions> = {}): Scenario =>
  replayTrace(parseTrace(text.join("\n"), "test"), { seed: "1", ...options });

const allTruth = (scenario: Scenario) => truthOf(scenario, scenario.days);

/** Two days, crowded enough that all kinds of company come about, midnight included. */
const meetings = fc.array(
  fc.record({
    pair: fc.constantFrom("1 2", "2 3", "3 1", "3 4", "5 4", "6 7", "7 1", "8 9"),
    start: fc.integer({ min: 0, max: 300 }),
    slots: fc.integer({ min: 1, max: 30 }),
    late: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);
const traces = meetings.map((all) =>
  all.flatMap(({ pair, start, slots, late }) => {
    const from = late ? DAY - 3000 + 20 * start : 9 * HOUR + 20 * start;
    const [i, j] = pair.split(" ") as [string, string];
    return lines(i, j, from, from + 20 * slots);
  }),
);
const anyRooms = fc.constantFrom("none" as const, "own" as const, "shared" as const);
/** Who meets again within so many seconds has stayed. */
const STAY = 300;

test("each day holds what a scenario promises, and the same at each call", () => {
  fc.assert(
    fc.property(traces, anyRooms, (text, rooms) => {
      const scenario = replay(text, { rooms, days: 3 });
      for (const day of [2, 0, 1]) {
        const episodes = checkDay(scenario, day);
        expect(scenario.day(day)).toEqual(episodes);
        expect(replay(text, { rooms, days: 3 }).day(day)).toEqual(episodes);
      }
    }),
    { numRuns: 40 },
  );
});

test("whoever faced each other in the trace does so within 2 m, and nobody else comes that near", () => {
  fc.assert(
    fc.property(traces, anyRooms, (text, rooms) => {
      const trace = parseTrace(text.join("\n"), "test");
      const scenario = replay(text, { rooms });
      const episodes = Array.from({ length: scenario.days }, (_, day) => scenario.day(day)).flat();
      const near = episodes.filter(({ metres }) => metres <= 2);
      const spans = spansOf(trace, STAY);
      for (const { a, b, from, to, facing } of spans) {
        const own = near.filter((each) => each.a === a && each.b === b);
        const during = own.filter((each) => each.from < to && each.to > from);
        expect(during.reduce((sum, each) => sum + each.to - each.from, 0)).toBe(to - from);
        for (const each of during) {
          const isFacing = facing.some(
            (begin, index) =>
              index % 2 === 0 && each.from >= begin && each.to <= (facing[index + 1] as number),
          );
          expect(Math.max(each.offA, each.offB) <= 30).toBe(isFacing);
          expect(each.walls).toBe(0);
        }
      }
      const inContact = (from: number, to: number, a: number, b: number) =>
        spans.some((span) => span.a === a && span.b === b && span.from <= from && to <= span.to);
      expect(near.filter(({ a, b, from, to }) => !inContact(from, to, a, b))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("the true contacts are those of the trace, joined over pauses of five minutes and over midnight", () => {
  const text = [
    ...lines("1", "2", 9 * HOUR, 9 * HOUR + 300),
    ...lines("2", "1", 9 * HOUR + 360, 9 * HOUR + 600),
    ...lines("1", "2", 9 * HOUR + 900, 9 * HOUR + 1000),
    ...lines("1", "2", 9 * HOUR + 1320, 9 * HOUR + 1400),
    ...lines("1", "3", DAY - 600, DAY + 120),
    ...lines("3", "2", 9 * HOUR, 9 * HOUR + 40),
  ];
  const truth = allTruth(replay(text));
  expect(truth.contacts.map(({ a, b, from, to, seconds }) => [a, b, from, to, seconds])).toEqual([
    [0, 1, 9 * HOUR, 9 * HOUR + 1000, 1000],
    [0, 1, 9 * HOUR + 1320, 9 * HOUR + 1400, 80],
    [0, 2, DAY - 600, DAY + 120, 720],
  ]);
  expect(truth.secondsWithin(1, 2, 0, DAY)).toBe(40);
  for (const { metres } of truth.contacts) {
    expect(metres).toBeGreaterThanOrEqual(0.5);
    expect(metres).toBeLessThanOrEqual(1.5);
  }
});

test("days beyond the trace repeat it, and other distances are drawn", () => {
  const text = [...lines("1", "2", 9 * HOUR, 10 * HOUR), ...lines("2", "3", DAY, DAY + 600)];
  const scenario = replay(text, { days: 5 });
  expect(allTruth(scenario).contacts.map(({ from }) => from)).toEqual([
    9 * HOUR,
    DAY,
    2 * DAY + 9 * HOUR,
    3 * DAY,
    4 * DAY + 9 * HOUR,
  ]);
  expect(scenario.day(2)[0]?.metres).not.toBe(scenario.day(0)[0]?.metres);
  expect(replay(text, { days: 5, seed: "2" }).day(0)).not.toEqual(scenario.day(0));
});

test("those of one gathering who are not in contact are apart and turned away, also in a pause of more than five minutes", () => {
  const [start, end] = [9 * HOUR, 10 * HOUR];
  const text = [
    ...lines("1", "2", start, end),
    ...lines("1", "3", start, end),
    ...lines("2", "3", start, start + 1200),
    ...lines("2", "3", start + 1520, end),
    ...lines("4", "1", start, end),
  ];
  const episodes = replay(text).day(0);
  const between = (a: number, b: number) =>
    episodes.filter((each) => each.a === a && each.b === b && each.from >= start && each.to <= end);
  const pause = between(1, 2).filter(({ from }) => from >= start + 1200 && from < start + 1520);
  expect(pause.map(({ from, to }) => to - from).reduce((sum, each) => sum + each, 0)).toBe(320);
  const apart = [...between(1, 3), ...pause];
  expect(apart.length).toBeGreaterThan(10);
  for (const { metres, offA, offB, walls } of apart) {
    expect(metres).toBeGreaterThanOrEqual(2.2);
    expect(metres).toBeLessThanOrEqual(3.5);
    expect(Math.max(offA, offB)).toBeGreaterThanOrEqual(60);
    expect(walls).toBe(0);
  }
});

test("who meets again within five minutes has stayed, and turned aside", () => {
  const start = 9 * HOUR;
  const text = [
    ...lines("1", "2", start, start + 600),
    ...lines("1", "2", start + 900, start + 1500),
  ];
  const episodes = replay(text).day(0);
  const [pause, ...more] = episodes.filter(({ from }) => from >= start + 600 && from < start + 900);
  expect(more).toEqual([]);
  expect(pause).toMatchObject({ from: start + 600, to: start + 900, walls: 0 });
  expect(pause!.metres).toBeGreaterThanOrEqual(0.5);
  expect(pause!.metres).toBeLessThanOrEqual(1.5);
  expect(Math.max(pause!.offA, pause!.offB)).toBeGreaterThanOrEqual(60);
});

/** Two pairs who meet at nine and at three o'clock. */
const twoPairs = ["1 2", "3 4"].flatMap((pair) => {
  const [i, j] = pair.split(" ") as [string, string];
  return [...lines(i, j, 9 * HOUR, 9.5 * HOUR), ...lines(i, j, 15 * HOUR, 15.5 * HOUR)];
});
const during = (rooms: ReplayOptions["rooms"], time: number) =>
  replay(twoPairs, rooms && { rooms })
    .day(0)
    .filter(({ from, to }) => from <= time && time < to);

test("unless rooms are asked for, everybody is out of reach between contacts", () => {
  expect(during(undefined, 9 * HOUR).map(({ a, b }) => [a, b])).toEqual([
    [0, 1],
    [2, 3],
  ]);
  for (const time of [8 * HOUR, 12 * HOUR, 16 * HOUR]) {
    expect(during(undefined, time)).toEqual([]);
    expect(during("none", time)).toEqual([]);
  }
});

test("in rooms, all are at a place of their own between contacts; before the first and after the last one they are out of reach", () => {
  const noon = during("own", 12 * HOUR);
  expect(new Set(noon.flatMap(({ a, b }) => [a, b])).size).toBe(4);
  expect(noon.every(({ walls, metres }) => walls > 0 && metres > 2)).toBe(true);
  for (const rooms of ["own", "shared"] as const) {
    expect(during(rooms, 8 * HOUR)).toEqual([]);
    expect(during(rooms, 16 * HOUR)).toEqual([]);
  }
  const shared = during("shared", 12 * HOUR).filter(({ walls }) => walls === 0);
  expect(shared.map(({ a, b }) => [a, b])).toEqual(
    expect.arrayContaining([
      [0, 1],
      [2, 3],
    ]),
  );
});

test.each(["own", "shared"] as const)(
  "in %s rooms neighbours are so few that episodes grow with persons, not with pairs",
  (rooms) => {
    const day = (persons: number) =>
      replay(
        Array.from({ length: persons / 2 }, (_, pair) => [
          ...lines(`${2 * pair}`, `${2 * pair + 1}`, 9 * HOUR, 9 * HOUR + 600),
          ...lines(`${2 * pair}`, `${2 * pair + 1}`, 16 * HOUR, 16 * HOUR + 600),
        ]).flat(),
        { rooms },
      ).day(0).length / persons;
    expect(day(1000) / day(250)).toBeLessThan(1.3);
  },
);

test("a replay has 1 to 14 whole days, by default those of its trace", async () => {
  const text = [...lines("1", "2", 0, 20), ...lines("1", "2", 20 * DAY, 20 * DAY + 20)];
  expect(replay(text).days).toBe(14);
  expect(replay(text.slice(0, 1)).days).toBe(1);
  for (const days of [0, 15, 1.5, Number.NaN]) {
    const made = new Promise((resolve) => resolve(replay(text, { days })));
    await expectFailure(made, "days-out-of-range");
  }
});
