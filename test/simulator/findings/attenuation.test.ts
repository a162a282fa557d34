import { expect, test } from "vitest";
import { AttenuationByDistance } from "../../../simulator/findings/attenuation.ts";
import type { Episode, Scenario } from "../../../simulator/scenarios/scenario.ts";
import { logged, minutes, sighting } from "./hand-made.ts";
import { START } from "./written-token.ts";

const episode = (from: number, to: number, metres: number, walls = 0): Episode => ({
  a: 0,
  b: 1,
  from: minutes(from),
  to: minutes(to),
  metres,
  offA: 0,
  offB: 0,
  walls,
});

const scenario = (days: readonly (readonly Episode[])[]): Scenario => ({
  title: "two",
  persons: ["A", "B"],
  days: days.length,
  start: START,
  day: (index) => days[index] ?? [],
});

function attenuation(
  days: readonly (readonly Episode[])[],
  sightings: Parameters<typeof logged>[0],
) {
  const collected = new AttenuationByDistance();
  collected.add(scenario(days), days.length, logged(sightings));
  return collected.result();
}

test("sightings are sorted by the distance at their time, from both sides", () => {
  expect(
    attenuation(
      [[episode(60, 120, 1.2), episode(600, 700, 4.6)], [episode(1500, 1600, 1.4)]],
      [
        [0, 1, [sighting(6, 5, 60), sighting(7, 5, 64), sighting(62, 5, 75), sighting(152, 5, 62)]],
        [1, 0, [sighting(7, 5, 62)]],
      ],
    ),
  ).toEqual([
    { metres: 1.25, count: 4, low: 60.6, median: 62, high: 63.4 },
    { metres: 4.75, count: 1, low: 75, median: 75, high: 75 },
  ]);
});

test("a sighting of changing distance, through a wall or without any episode says nothing", () => {
  expect(
    attenuation(
      [[episode(60, 74, 1.2), episode(74, 90, 3), episode(300, 320, 1, 1)]],
      // What is heard in the interval from minute 60 may last until 75.
      [[0, 1, [sighting(6), sighting(30), sighting(50)]]],
    ),
  ).toEqual([]);
});

test("episodes in one class of distance are taken together", () => {
  const changing = [[episode(60, 70, 1.1), episode(70, 90, 1.4)]];
  expect(attenuation(changing, [[0, 1, [sighting(6)]]])).toMatchObject([
    { metres: 1.25, count: 1 },
  ]);
});
