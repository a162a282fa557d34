import fc from "fast-check";
import { expect, test } from "vitest";
import {
  concludeSightings,
  type Sighting,
  sightingsOf,
} from "../../../simulator/findings/conclude.ts";
import { concludeContacts, minutesDuring } from "../../../simulator/findings/concluded-contact.ts";
import { minutes, sighting } from "./hand-made.ts";
import { FIRST, START, writtenToken } from "./written-token.ts";

const END = FIRST + 144;

test("logs are matched against everybody's keys, and tell who was heard", async () => {
  const tokens = [
    writtenToken(0, [
      { other: 1, at: 60, minutes: 5, mean: -62, best: -58 },
      { other: 2, at: 61, minutes: 2, mean: -80 },
      { other: 1, at: 62, minutes: 4, mean: -64, best: -60 },
    ]),
    writtenToken(1, [{ other: 0, at: 60, minutes: 3, mean: -61 }]),
    writtenToken(2, []),
  ];
  const sightings = await concludeSightings(tokens, END);
  expect(sightingsOf(sightings, 0, 1)).toEqual([
    { interval: FIRST + 60, minutes: 5, meanAttenuation: 62, bestAttenuation: 58 },
    { interval: FIRST + 62, minutes: 4, meanAttenuation: 64, bestAttenuation: 60 },
  ]);
  expect(sightingsOf(sightings, 0, 2).map((each) => each.minutes)).toEqual([2]);
  expect(sightingsOf(sightings, 1, 0).map((each) => each.minutes)).toEqual([3]);
  expect(sightingsOf(sightings, 2, 0)).toEqual([]);
  expect(sightingsOf(sightings, 1, 2)).toEqual([]);
});

test("keys of several days are told apart from those of others", async () => {
  const tokens = [
    writtenToken(
      0,
      [
        { other: 1, at: 143 },
        { other: 1, at: 144 },
        { other: 2, at: 200 },
      ],
      2,
    ),
    writtenToken(1, [], 2),
    writtenToken(2, [], 2),
  ];
  const sightings = await concludeSightings(tokens, FIRST + 288);
  expect(sightingsOf(sightings, 0, 1).map(({ interval }) => interval - FIRST)).toEqual([143, 144]);
  expect(sightingsOf(sightings, 0, 2).map(({ interval }) => interval - FIRST)).toEqual([200]);
});

test("whose keys nobody has, and what lies behind the last day, is not concluded", async () => {
  const tokens = [
    writtenToken(
      0,
      [
        { other: 1, at: 100 },
        { other: 9, at: 101 },
        { other: 1, at: 144 },
      ],
      2,
    ),
    writtenToken(1, [], 2),
  ];
  const sightings = await concludeSightings(tokens, END);
  expect([...sightings.get(0)!.keys()]).toEqual([1]);
  expect(sightingsOf(sightings, 0, 1)).toHaveLength(1);
});

test("more persons than can be told apart are refused", async () => {
  await expect(concludeSightings([writtenToken(0x7fff, [])], END)).rejects.toThrow("at most 32767");
});

test("sightings at most one interval apart are one contact, from the first one's start to the last one's end", () => {
  const sightings = [sighting(6, 5), sighting(6, 5), sighting(7, 3), sighting(9, 4)];
  expect(concludeContacts(sightings, 60, START)).toEqual([
    { from: minutes(60), to: minutes(80), minutes: 13, sightings: sightings.slice(0, 3) },
    { from: minutes(90), to: minutes(100), minutes: 4, sightings: sightings.slice(3) },
  ]);
});

test("a record of many minutes stands for as many intervals", () => {
  expect(concludeContacts([sighting(6, 25), sighting(9, 5)], 60, START)).toMatchObject([
    { from: minutes(60), to: minutes(100), minutes: 30 },
  ]);
});

test("a contact counts as a whole: its mean by minutes is at most the threshold, and no part of it 4 dB weaker", () => {
  const concluded = (...sightings: Sighting[]) =>
    concludeContacts(sightings, 70, START).map((contact) => contact.minutes);
  expect(concluded(sighting(6, 5, 70))).toEqual([5]);
  expect(concluded(sighting(6, 5, 71))).toEqual([]);
  // (4 * 66 + 4 * 74) / 8 is 70; the fifth minute is too much.
  expect(concluded(sighting(6, 4, 66), sighting(7, 4, 74))).toEqual([8]);
  expect(concluded(sighting(6, 4, 66), sighting(7, 5, 74))).toEqual([]);
  expect(concluded(sighting(6, 4, 66), sighting(7, 4, 75))).toEqual([4]);
  // What is left out does not join what lies around it.
  expect(concluded(sighting(6, 4), sighting(7, 9, 75), sighting(8, 3))).toEqual([4, 3]);
});

test("minutes within a span are those of the contacts' sightings that overlap it", () => {
  const contacts = concludeContacts([sighting(5, 1), sighting(6, 2), sighting(7, 4)], 60, START);
  const during = minutesDuring(contacts, START);
  const within = (from: number, to: number): number =>
    during({ from: minutes(from), to: minutes(to) });
  expect(within(60, 70)).toBe(2);
  expect(within(59, 70)).toBe(3);
  expect(within(60, 71)).toBe(6);
  expect(within(80, 90)).toBe(0);
});

const someSightings = fc
  .array(
    fc.record({
      at: fc.nat(300),
      heard: fc.integer({ min: 1, max: 31 }),
      attenuation: fc.integer({ min: 50, max: 90 }),
    }),
    { maxLength: 40 },
  )
  .map((all) =>
    all
      .map(({ at, heard, attenuation }) => sighting(at, heard, attenuation))
      .sort((a, b) => a.interval - b.interval),
  );
const minutesOf = (all: readonly { minutes: number }[]): number =>
  all.reduce((sum, each) => sum + each.minutes, 0);

test("joining loses no minute, and leaves a gap between contacts", () => {
  fc.assert(
    fc.property(someSightings, (sightings) => {
      const contacts = concludeContacts(sightings, 90, START);
      expect(contacts.flatMap((contact) => contact.sightings)).toEqual(sightings);
      expect(minutesOf(contacts)).toBe(minutesOf(sightings));
      contacts.slice(1).forEach(({ from }, index) => {
        expect(from).toBeGreaterThanOrEqual(contacts[index]!.to + minutes(10));
      });
    }),
  );
});

test("contacts are those joined of all that are not too weak of which the mean is near enough", () => {
  fc.assert(
    fc.property(someSightings, fc.integer({ min: 45, max: 95 }), (sightings, decibels) => {
      const strong = sightings.filter((each) => each.meanAttenuation <= decibels + 4);
      const near = concludeContacts(strong, 1000, START).filter(
        (contact) =>
          contact.sightings.reduce((sum, each) => sum + each.minutes * each.meanAttenuation, 0) <=
          decibels * contact.minutes,
      );
      expect(concludeContacts(sightings, decibels, START)).toEqual(near);
    }),
  );
});

test("minutes during any span are those that looking at every sighting finds", () => {
  const spans = fc.tuple(fc.integer({ min: -50, max: 3100 }), fc.nat(200));
  fc.assert(
    fc.property(someSightings, spans, (sightings, [from, length]) => {
      const span = { from: minutes(from), to: minutes(from + length) };
      const overlapping = sightings.filter((each) => {
        const begin = (each.interval - FIRST) * 600;
        return begin < span.to && begin + 600 * Math.ceil(each.minutes / 10) > span.from;
      });
      const during = minutesDuring(concludeContacts(sightings, 90, START), START);
      expect(during(span)).toBe(minutesOf(overlapping));
    }),
  );
});
