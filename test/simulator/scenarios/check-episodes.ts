import { expect } from "vitest";
import { REACH_METRES } from "../../../simulator/scenarios/building.ts";
import { DAY } from "../../../simulator/scenarios/days.ts";
import type { Episode, Scenario } from "../../../simulator/scenarios/scenario.ts";

/** Expects of a day what the type of scenarios promises. */
export function checkDay(scenario: Scenario, index: number): readonly Episode[] {
  const episodes = scenario.day(index);
  const until = new Map<number, number>();
  let last = 0;
  // One expectation for all: thousands of them take their time.
  const wrong = episodes.filter((episode) => {
    const { a, b, from, to, metres, offA, offB, walls } = episode;
    const pair = a * scenario.persons.length + b;
    const isRight =
      from >= last &&
      from >= (until.get(pair) ?? 0) &&
      from >= index * DAY &&
      from < to &&
      to <= (index + 1) * DAY &&
      a < b &&
      a >= 0 &&
      b < scenario.persons.length &&
      metres > 0 &&
      metres <= REACH_METRES &&
      [offA, offB].every((off) => off >= 0 && off <= 180) &&
      [0, 1, 2, 3].includes(walls);
    last = from;
    until.set(pair, to);
    return !isRight;
  });
  expect(wrong).toEqual([]);
  return episodes;
}
