import { describe, expect, test } from "vitest";
import { createRandom } from "../../../simulator/random.ts";
import { CARE_HOME } from "../../../simulator/scenarios/care-home.ts";
import { CLINIC } from "../../../simulator/scenarios/clinic.ts";
import { DAY, HOUR } from "../../../simulator/scenarios/days.ts";
import { STREETS } from "../../../simulator/scenarios/family-and-shops.ts";
import { type Kind, staysOfDay } from "../../../simulator/scenarios/generated.ts";
import { shiftOf } from "../../../simulator/scenarios/shifts.ts";
import type { Stay } from "../../../simulator/scenarios/stays.ts";
import { type Contact, truthOf } from "../../../simulator/scenarios/truth.ts";
import { WORLDS } from "../../../simulator/scenarios/worlds.ts";
import { expectFailure } from "../../support/expect-failure.ts";
import { checkDay } from "./check-episodes.ts";

/** One unit's persons, and where they are on a day. */
function live(
  kind: Kind,
  persons: number,
  day: number,
): { names: readonly string[]; stays: Stay[] } {
  const random = createRandom("unit");
  const unit = kind.build(0, persons, random);
  return { names: unit.persons, stays: staysOfDay([unit], day, random.fork(`${day}`)) };
}

/** Who of those whose name begins so is somewhere at an hour. */
function thereAt(kind: Kind, name: string, day: number, hour: number): number {
  const { names, stays } = live(kind, kind.usual, day);
  const midnight = day * DAY;
  return stays.filter(
    ({ person, from, to }) =>
      names[person]?.startsWith(name) &&
      from <= midnight + hour * HOUR &&
      midnight + hour * HOUR < to,
  ).length;
}

function contactsOf(name: string, persons: number, days: number): readonly Contact[] {
  return truthOf(WORLDS[name]!.make({ persons, days, seed: "1" }), days).contacts;
}

describe.each(Object.entries(WORLDS))("%s", (_, world) => {
  test("each day holds what a scenario promises, the same at each call, and another seed another one", () => {
    const make = (seed: string) => world.make({ persons: 70, days: 2, seed });
    const scenario = make("1");
    expect(scenario.persons).toHaveLength(70);
    expect(new Set(scenario.persons).size).toBe(70);
    const second = checkDay(scenario, 1);
    expect(checkDay(scenario, 0).length).toBeGreaterThan(500);
    expect(scenario.day(1)).toEqual(second);
    expect(make("1").day(1)).toEqual(second);
    expect(make("2").day(1)).not.toEqual(second);
  });

  test("episodes grow with persons, not with pairs", () => {
    const perPerson = (persons: number) =>
      world.make({ persons, days: 1, seed: "1" }).day(0).length / persons;
    expect(perPerson(1000) / perPerson(250)).toBeLessThan(1.3);
  });

  test("too few persons, or no days, are refused", async () => {
    const make = (persons: number, days: number) =>
      new Promise((resolve) => resolve(world.make({ persons, days, seed: "1" })));
    await expectFailure(make(2, 1), "world-too-small");
    await expectFailure(make(60.5, 1), "world-too-small");
    await expectFailure(make(60, 15), "days-out-of-range");
  });
});

test.each([CARE_HOME, CLINIC, STREETS])("nobody is at two places at once: $title", (kind) => {
  for (const persons of [kind.least, kind.usual, kind.usual + 20]) {
    for (let day = 0; day < 7; day++) {
      const { names, stays } = live(kind, persons, day);
      expect(names).toHaveLength(persons);
      const until = new Map<number, number>();
      const wrong = stays
        .sort((one, other) => one.from - other.from)
        .filter(({ person, from, to }) => {
          const isFree = from >= (until.get(person) ?? day * DAY);
          until.set(person, to);
          return !isFree || to <= from || to > (day + 1) * DAY;
        });
      expect(wrong).toEqual([]);
    }
  }
});

test("residents of a care home are in it all day and night", () => {
  const { names, stays } = live(CARE_HOME, 30, 3);
  const there = new Map<number, number>();
  for (const { person, from, to } of stays) there.set(person, (there.get(person) ?? 0) + to - from);
  const residents = names.flatMap((name, index) => (name.startsWith("resident") ? [index] : []));
  expect(residents).toHaveLength(20);
  expect(residents.map((index) => there.get(index))).toEqual(residents.map(() => DAY));
});

test("a care home has carers at each hour, and few at night", () => {
  for (let day = 0; day < 10; day++) {
    for (let hour = 0; hour < 24; hour++) {
      const carers = thereAt(CARE_HOME, "carer", day, hour + 0.5);
      expect(carers).toBeGreaterThan(0);
      if (hour < 6 || hour >= 21) expect(carers).toBe(1);
      else expect(carers).toBeLessThanOrEqual(7);
    }
  }
});

test("a roster covers all shifts, and a night is followed by a day off or another night", () => {
  for (let staff = 4; staff <= 20; staff++) {
    for (let day = 0; day < 30; day++) {
      const shifts = Array.from({ length: staff }, (_, index) => shiftOf(index, staff, day));
      expect(shifts).toEqual(expect.arrayContaining(["early", "late", "night"]));
      for (const [index, shift] of shifts.entries()) {
        const next = shiftOf(index, staff, day + 1);
        if (shift === "night") expect([undefined, "night"]).toContain(next);
        if (shift === "late") expect(next).not.toBe("early");
      }
    }
  }
});

test("a clinic is closed at night and at weekends, families sleep at home, and shops and schools are elsewhere", () => {
  expect(thereAt(CLINIC, "doctor", 1, 10)).toBe(3);
  const patients = [9, 10, 11, 14, 15].map((hour) => thereAt(CLINIC, "patient", 1, hour));
  expect(Math.max(...patients)).toBeGreaterThan(1);
  for (const hour of [3, 22]) expect(thereAt(CLINIC, "", 1, hour)).toBe(0);
  expect(live(CLINIC, 60, 5).stays).toEqual([]);
  expect(thereAt(STREETS, "", 1, 3)).toBe(60);
  const sitesAt = (day: number, hour: number) => {
    const { names, stays } = live(STREETS, 60, day);
    const now = day * DAY + hour * HOUR;
    const here = stays.filter(({ from, to }) => from <= now && now < to);
    return new Set(
      here
        .filter(({ person }) => names[person]?.startsWith("child"))
        .map(({ place }) => place.room.site),
    ).size;
  };
  expect(sitesAt(1, 10)).toBe(1);
  expect(sitesAt(5, 10)).toBeGreaterThan(3);
  expect(sitesAt(1, 20)).toBeGreaterThan(3);
});

test("contacts are of a plausible number and length", () => {
  const perPersonDay = (contacts: readonly Contact[], persons: number, days: number) =>
    (2 * contacts.length) / persons / days;
  const home = contactsOf("care-home", 60, 2);
  // A geriatric ward has 14,037 contacts of 75 persons in four days (Vanhems 2013), brief ones included: 94 a day for each.
  expect(perPersonDay(home, 60, 2)).toBeGreaterThan(10);
  expect(perPersonDay(home, 60, 2)).toBeLessThan(94);
  const families = contactsOf("family-and-shops", 60, 1);
  expect(perPersonDay(families, 60, 1)).toBeGreaterThan(5);
  expect(perPersonDay(families, 60, 1)).toBeLessThan(40);
  // Couples sleep side by side.
  expect(families.some(({ from, to }) => from === 0 && to > 6 * HOUR)).toBe(true);
  const patients = contactsOf("clinic", 60, 1);
  expect(patients.some(({ seconds }) => seconds > 10 * 60)).toBe(true);
  expect(perPersonDay(patients, 60, 1)).toBeLessThan(10);
});
