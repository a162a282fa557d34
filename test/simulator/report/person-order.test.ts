import fc from "fast-check";
import { expect, test } from "vitest";
import { personOrder } from "../../../simulator/report/figures/person-order.ts";

/** Everybody with everybody. */
const clique = (persons: readonly number[], minutes: number) =>
  persons.flatMap((a, index) => persons.slice(index + 1).map((b) => ({ a, b, minutes })));

test("those who are much together stand side by side", () => {
  const groups = [0, 1, 2].map((group) => [0, 1, 2, 3].map((each) => group + 3 * each));
  const ties = [
    ...groups.flatMap((group) => clique(group, 120)),
    { a: 0, b: 1, minutes: 10 },
    { a: 4, b: 8, minutes: 10 },
  ];
  const order = personOrder([...Array(12).keys()], ties);
  const groupOf = order.map((person) => person % 3);
  expect(groupOf.filter((group, place) => group !== groupOf[place + 1])).toHaveLength(3);
});

test("a chain keeps its links", () => {
  const ties = [3, 1, 4, 0, 2].flatMap((a, place, chain) =>
    place ? [{ a: chain[place - 1]!, b: a, minutes: 30 + place }] : [],
  );
  expect([
    [3, 1, 4, 0, 2],
    [2, 0, 4, 1, 3],
  ]).toContainEqual(personOrder([0, 1, 2, 3, 4], ties));
});

test("everybody is there once, also who is alone", () => {
  const person = fc.integer({ min: 0, max: 19 });
  const tie = fc
    .record({ a: person, b: person, minutes: fc.double({ min: 0, max: 1e4, noNaN: true }) })
    .filter(({ a, b }) => a !== b);
  fc.assert(
    fc.property(fc.uniqueArray(person), fc.array(tie), (persons, ties) => {
      expect(personOrder(persons, ties).sort()).toEqual([...persons].sort());
    }),
  );
});
