import fc from "fast-check";
import { expect, test } from "vitest";
import {
  durationErrors,
  recallByDistance,
  recallByDuration,
} from "../../../simulator/findings/classes.ts";
import { judgeContacts, type SeedRecord } from "../../../simulator/findings/judge.ts";
import { recognise, sweepThresholds } from "../../../simulator/findings/recognition.ts";
import { contact, logged, sighting, truthOf } from "./hand-made.ts";
import { START } from "./written-token.ts";

const LIMIT = 65;
const exactly = (value: number) => ({ mean: value, low: value, high: value });

// Three contacts of two persons: 20 minutes of which 0 has all and 1 has nine, 12 that only 0 has, and
// 10 that none has; and 15 minutes that 1 has of somebody three metres away.
const SEED: SeedRecord = {
  truth: truthOf([contact(60, 80), contact(300, 312), contact(600, 610)]),
  sightings: logged([
    [
      0,
      1,
      [sighting(6, 10), sighting(7, 10), sighting(30, 10), sighting(31, 4), sighting(60, 5, 80)],
    ],
    [1, 0, [sighting(6, 9), sighting(31, 2)]],
    [1, 2, [sighting(90, 10), sighting(91, 5)]],
  ]),
  start: START,
};

const recogniseSeed = (seed: SeedRecord, decibels: number, atLeast: number) =>
  recognise([seed], [judgeContacts(seed, decibels)], decibels, atLeast);

test("contacts of ten minutes and more are found, and right, as counted by hand", () => {
  expect(recogniseSeed(SEED, LIMIT, 10)).toEqual({
    atLeastMinutes: 10,
    contacts: 6,
    // 0's of 20 and of 12 minutes; 1's nine minutes are less than half of 20.
    recall: exactly(2 / 6),
    strictRecall: exactly(2 / 6),
    // 0's two are right, and 1's of the third person is not.
    precision: exactly(2 / 3),
    strictPrecision: exactly(2 / 3),
  });
});

test("contacts of fifteen minutes and more are fewer", () => {
  expect(recogniseSeed(SEED, LIMIT, 15)).toEqual({
    atLeastMinutes: 15,
    contacts: 2,
    recall: exactly(1 / 2),
    strictRecall: exactly(1 / 2),
    precision: exactly(1 / 2),
    strictPrecision: exactly(1 / 2),
  });
});

test("the tolerance is half of the minutes, and ten minutes of time at each end", () => {
  const seed = (at: number, heard: number): SeedRecord => ({
    truth: truthOf([contact(60, 74)]),
    sightings: logged([[0, 1, [sighting(at, heard)]]]),
    start: START,
  });
  const recall = (at: number, heard: number): number =>
    recogniseSeed(seed(at, heard), LIMIT, 10).recall.mean;
  expect(recall(6, 7)).toBe(1 / 2);
  expect(recall(6, 6)).toBe(0);
  expect(recogniseSeed(seed(6, 7), LIMIT, 10).strictRecall.mean).toBe(0);
  // 50 to 60 and 80 to 90 touch what lies between 50 and 84; 40 to 50 does not.
  expect([4, 5, 8, 9].map((at) => recall(at, 7))).toEqual([0, 1 / 2, 1 / 2, 0]);
  const precision = (at: number, heard: number): number =>
    recogniseSeed(seed(at, heard), LIMIT, 10).precision.mean;
  expect(precision(6, 28)).toBe(1);
  expect(precision(6, 29)).toBe(0);
  // 70 to 100 holds four of the true minutes, 30 to 60 none.
  expect(precision(8, 10)).toBe(0);
  expect(precision(4, 10)).toBe(0);
  expect(recogniseSeed(seed(7, 10), LIMIT, 10).strictPrecision.mean).toBe(1);
});

test("where there is no contact everything is 0, and no threshold is listed", () => {
  const nothing: SeedRecord = { truth: truthOf([]), sightings: logged([]), start: START };
  expect(recogniseSeed(nothing, LIMIT, 10)).toEqual({
    atLeastMinutes: 10,
    contacts: 0,
    recall: exactly(0),
    precision: exactly(0),
    strictRecall: exactly(0),
    strictPrecision: exactly(0),
  });
  expect(sweepThresholds([nothing])).toEqual([]);
});

test("thresholds are listed from the first at which anything is concluded", () => {
  const points = sweepThresholds([SEED]);
  expect(points[0]).toEqual({ decibels: 60, recall: 2 / 6, precision: 2 / 3 });
  expect(points.at(-1)).toEqual({ decibels: 85, recall: 3 / 6, precision: 2 / 3 });
  expect(points).toHaveLength(26);
});

test("classes by duration and distance hold each contact once", () => {
  const judged = judgeContacts(SEED, LIMIT);
  expect(recallByDuration(judged).filter(({ contacts }) => contacts > 0)).toEqual([
    { from: 10, to: 15, contacts: 4, found: 1 },
    { from: 20, to: 30, contacts: 2, found: 1 },
  ]);
  expect(recallByDistance(judged)).toEqual([
    { from: 0, to: 0.5, contacts: 0, found: 0 },
    { from: 0.5, to: 1, contacts: 0, found: 0 },
    { from: 1, to: 1.5, contacts: 6, found: 2 },
    { from: 1.5, to: 2, contacts: 0, found: 0 },
  ]);
  const far = judgeContacts({ ...SEED, truth: truthOf([contact(60, 80, { metres: 2 })]) }, LIMIT);
  expect(recallByDistance(far).at(-1)).toEqual({ from: 1.5, to: 2, contacts: 2, found: 1 });
});

test("errors of duration are those of found contacts", () => {
  expect(durationErrors(judgeContacts(SEED, LIMIT))).toEqual({
    durationError: { low: 0.2, median: 1, high: 1.8 },
    durationErrors: [
      { minutes: 0, contacts: 1 },
      { minutes: 2, contacts: 1 },
    ],
  });
  expect(durationErrors([]).durationErrors).toEqual([]);
});

const someSighting = fc
  .record({
    at: fc.nat(60),
    heard: fc.integer({ min: 1, max: 31 }),
    attenuation: fc.integer({ min: 30, max: 100 }),
  })
  .map(({ at, heard, attenuation }) => sighting(at, heard, attenuation));
const someSightings = fc
  .array(someSighting, { maxLength: 30 })
  .map((all) => [...all].sort((a, b) => a.interval - b.interval));
// Contacts one after the other, with pauses between them.
const someContacts = fc
  .array(
    fc.record({ pause: fc.integer({ min: 2, max: 90 }), length: fc.integer({ min: 1, max: 60 }) }),
    {
      maxLength: 8,
    },
  )
  .map((parts) => {
    let now = 0;
    return parts.map(({ pause, length }) => {
      const from = now + pause;
      now = from + length;
      return contact(from, now);
    });
  });
const someSeed = fc.record({ contacts: someContacts, zero: someSightings, one: someSightings }).map(
  ({ contacts, zero, one }): SeedRecord => ({
    truth: truthOf(contacts),
    sightings: logged([
      [0, 1, zero],
      [1, 0, one],
    ]),
    start: START,
  }),
);

test("shares lie between 0 and 1, and strictness never raises them", () => {
  fc.assert(
    fc.property(fc.array(someSeed, { minLength: 1, maxLength: 3 }), (seeds) => {
      const judged = seeds.map((seed) => judgeContacts(seed, LIMIT));
      for (const atLeast of [10, 15]) {
        const all = recognise(seeds, judged, LIMIT, atLeast);
        for (const share of [all.recall, all.precision, all.strictRecall, all.strictPrecision]) {
          for (const each of [share.low, share.mean, share.high]) {
            expect(each).toBeGreaterThanOrEqual(0);
            expect(each).toBeLessThanOrEqual(1);
          }
        }
        expect(all.strictRecall.mean).toBeLessThanOrEqual(all.recall.mean);
        expect(all.strictPrecision.mean).toBeLessThanOrEqual(all.precision.mean);
      }
    }),
  );
});

test("a higher threshold that takes in no other sighting concludes no fewer minutes of a contact", () => {
  fc.assert(
    fc.property(someSeed, fc.integer({ min: 40, max: 90 }), fc.nat(20), (seed, low, step) => {
      const taken = [...seed.sightings.values()]
        .flatMap((others) => [...others.values()].flat())
        .filter(({ meanAttenuation }) => meanAttenuation > low + 4);
      const next = Math.min(...taken.map(({ meanAttenuation }) => meanAttenuation));
      // It is taken in from 4 dB below itself on.
      const high = Math.max(low, Math.min(low + step, next - 5));
      const lower = judgeContacts(seed, low);
      judgeContacts(seed, high).forEach((each, index) => {
        expect(each.concludedMinutes).toBeGreaterThanOrEqual(lower[index]!.concludedMinutes);
      });
    }),
  );
});

test("one that joins weaker sightings to a contact may lose it", () => {
  const seed: SeedRecord = {
    truth: truthOf([contact(60, 70)]),
    sightings: logged([[0, 1, [sighting(6, 10, 60), sighting(7, 20, 70)]]]),
    start: START,
  };
  const found = (decibels: number) =>
    judgeContacts(seed, decibels).map(({ concludedMinutes }) => concludedMinutes);
  expect(found(65)).toEqual([10, 0]);
  // From 66 dB on what follows is part of it, and makes it 66.7 dB.
  expect(found(66)).toEqual([0, 0]);
  expect(found(67)).toEqual([30, 0]);
});

test("a pair that meets often is looked at once for all of its contacts, not once for each", () => {
  const looksFor = (days: number): number => {
    let looks = 0;
    const seen = Array.from({ length: 10 * days }, (_, index) => ({
      ...sighting(10 * index),
      get meanAttenuation() {
        looks++;
        return 60;
      },
    }));
    const contacts = seen.map((_, index) => contact(100 * index, 100 * index + 10));
    const seed = { truth: truthOf(contacts), sightings: logged([[0, 1, seen]]), start: START };
    expect(
      judgeContacts(seed, LIMIT).filter(({ concludedMinutes }) => concludedMinutes > 0),
    ).toHaveLength(10 * days);
    return looks;
  };
  expect(looksFor(14)).toBe(14 * looksFor(1));
});
