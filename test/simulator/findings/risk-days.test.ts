import { expect, test } from "vitest";
import { weightOf } from "../../../companion/risk/corona-warn-app.ts";
import { DEFAULT_CORONA_WARN_APP } from "../../../companion/risk/corona-warn-app-schema.ts";
import { riskModelOf } from "../../../companion/risk/risk-configuration.ts";
import { INTERVALS_PER_DAY } from "../../../protocol/intervals.ts";
import type { Sighting } from "../../../simulator/findings/conclude.ts";
import type { SeedRecord } from "../../../simulator/findings/judge.ts";
import { EXPOSED_MINUTES, RIGHT_MINUTES, riskDays } from "../../../simulator/findings/risk-days.ts";
import type { Contact as TrueContact } from "../../../simulator/scenarios/truth.ts";
import { contact, logged, sighting, truthOf } from "./hand-made.ts";
import { START } from "./written-token.ts";

const exactly = (value: number) => ({ mean: value, low: value, high: value });
const DAY_MINUTES = 1440;
const attenuations = Array.from({ length: 100 }, (_, decibels) => decibels);
const weight = (decibels: number): number => weightOf(decibels, DEFAULT_CORONA_WARN_APP);
/** Where a minute counts most, and where it counts nothing, as behind a wall. */
const NEAR = attenuations.find(
  (decibels) => weight(decibels) === Math.max(...attenuations.map(weight)),
)!;
const BEHIND_A_WALL = attenuations.find((decibels) => weight(decibels) === 0)!;

// So many minutes from an interval on, ten to a sighting.
function heard(at: number, minutes: number, attenuation = NEAR): Sighting[] {
  return Array.from({ length: Math.ceil(minutes / 10) }, (_, index) =>
    sighting(at + index, Math.min(10, minutes - 10 * index), attenuation),
  );
}

function seed(
  contacts: readonly TrueContact[],
  rows: Parameters<typeof logged>[0],
  start = START,
): SeedRecord {
  return { truth: truthOf(contacts), sightings: logged(rows), start };
}

test("of the days of three persons those are shown that were near for long enough", () => {
  const [twenty, three] = [contact(60, 80), contact(300, 303, { b: 2 })];
  const record = seed(
    [twenty, three],
    [
      [0, 1, heard(6, 20)],
      [1, 0, heard(6, 20)],
      [0, 2, heard(30, 3)],
      [2, 0, heard(30, 3)],
      [1, 2, heard(6, 600, BEHIND_A_WALL)],
    ],
  );
  expect(riskDays([record])).toEqual({
    exposed: 2,
    shown: 2,
    recall: exactly(1),
    precision: exactly(1),
  });
});

test("a day of exposure behind which a log has too little is not shown", () => {
  const record = seed(
    [contact(60, 80)],
    [
      [0, 1, heard(6, 20)],
      [1, 0, heard(6, 3)],
    ],
  );
  expect(riskDays([record])).toMatchObject({ shown: 1, recall: exactly(1 / 2) });
});

test("two days are two, each judged by itself", () => {
  const tomorrow = contact(DAY_MINUTES + 60, DAY_MINUTES + 80);
  const days = seed(
    [contact(60, 80), tomorrow],
    [[0, 1, [...heard(6, 20), ...heard(INTERVALS_PER_DAY + 6, 20)]]],
  );
  expect(riskDays([days])).toMatchObject({
    exposed: 4,
    shown: 2,
    recall: exactly(1 / 2),
    precision: exactly(1),
  });
  // Twenty minutes around a midnight are ten on either day; and the log has five of these, which is too little.
  const around = seed(
    [contact(DAY_MINUTES - 10, DAY_MINUTES + 10)],
    [[0, 1, [sighting(INTERVALS_PER_DAY - 1, 5, NEAR), sighting(INTERVALS_PER_DAY, 5, NEAR)]]],
  );
  expect(riskDays([around])).toMatchObject({ exposed: 0, shown: 0 });
});

test("meetings of one day add up, in the truth and in the model", () => {
  const record = seed(
    [contact(60, 68), contact(600, 608)],
    [[0, 1, [...heard(6, 5), ...heard(60, 5)]]],
  );
  expect(riskDays([record])).toMatchObject({ exposed: 2, shown: 1, recall: exactly(1 / 2) });
});

test("exposure begins with fifteen minutes, and a day that is shown is right with five", () => {
  const of = (minutes: number) =>
    riskDays([seed([contact(60, 60 + minutes)], [[0, 1, heard(6, 20)]])]);
  expect(of(EXPOSED_MINUTES).exposed).toBe(2);
  expect(of(EXPOSED_MINUTES - 1).exposed).toBe(0);
  expect(of(RIGHT_MINUTES).precision).toEqual(exactly(1));
  expect(of(RIGHT_MINUTES - 1).precision).toEqual(exactly(0));
});

test("days are UTC days, whenever the scenario begins", () => {
  const noon = START + 12 * 3600;
  const record = seed([contact(710, 730)], [[0, 1, heard(INTERVALS_PER_DAY / 2 + 71, 20)]], noon);
  // From ten minutes before midnight to ten after it: two days, of neither of which fifteen minutes.
  expect(riskDays([record])).toMatchObject({
    exposed: 0,
    shown: 2,
    precision: exactly(1),
  });
});

test("whoever sits in a log as the last of many persons is not mistaken for another", () => {
  const last = 0x7ffe;
  const record = seed(
    [contact(60, 80, { a: last - 1, b: last })],
    [
      [last - 1, last, heard(6, 20)],
      [last, last - 1, heard(6, 20)],
    ],
  );
  expect(riskDays([record])).toMatchObject({ recall: exactly(1), precision: exactly(1) });
});

test("shares are means over the seeds that have something to count", () => {
  const met = [contact(60, 80)];
  const both = riskDays([
    seed(met, [
      [0, 1, heard(6, 20)],
      [1, 0, heard(6, 20)],
    ]),
    seed(met, []),
    seed([], []),
  ]);
  expect(both).toMatchObject({ exposed: 4 / 3, shown: 2 / 3, precision: exactly(1) });
  expect(both.recall.mean).toBe(1 / 2);
  expect(riskDays([seed([], [])])).toEqual({
    exposed: 0,
    shown: 0,
    recall: exactly(0),
    precision: exactly(0),
  });
});

test("another model shows other days", () => {
  const record = seed([contact(60, 80)], [[0, 1, heard(6, 20)]]);
  const deaf = riskModelOf(
    { model: "corona-warn-app", minutesAtAttenuationWeights: [] },
    "A test's configuration",
  );
  expect(riskDays([record], deaf).shown).toBe(0);
});
