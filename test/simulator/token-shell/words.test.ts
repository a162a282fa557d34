import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { durationOf, metresOf, momentOf } from "../../../simulator/token-shell/words.ts";

const NOON = Date.UTC(2026, 5, 2, 12) / 1000;

describe("durations", () => {
  test.each([
    ["90s", 90],
    ["10m", 600],
    ["10min", 600],
    ["1d12h", 129_600],
    ["1.5h", 5400],
    ["250ms", 0.25],
  ])("%s", (text, seconds) => expect(durationOf(text)).toBeCloseTo(seconds, 9));

  test.each(["", "10", "m", "10x", "0s", "-5m", "5 m", "1h!", "401d"])('"%s" is none', (text) => {
    expect(() => durationOf(text)).toThrow(/duration|longer/);
  });

  test("add up, whatever their parts", () => {
    const part = fc.nat({ max: 50 });
    fc.assert(
      fc.property(part, part, part, (days, hours, seconds) => {
        fc.pre(days + hours + seconds > 0);
        expect(durationOf(`${days}d${hours}h${seconds}s`)).toBe(
          days * 86_400 + hours * 3600 + seconds,
        );
      }),
    );
  });
});

describe("moments", () => {
  test.each([
    ["2026-06-03T12:00Z", NOON + 86_400],
    ["2026-06-03T12:00", NOON + 86_400],
    ["2026-06-03", NOON + 43_200],
    ["13:30", NOON + 5400],
    ["11:00", NOON + 82_800],
    ["12:00", NOON + 86_400],
  ])("%s", (text, expected) => expect(momentOf(text, NOON)).toBe(expected));

  test.each(["", "noon", "25:00", "2026-13-01", "06/03/2026", "2026-06-03T12:00+05:00"])(
    '"%s" is none',
    (text) => expect(() => momentOf(text, NOON)).toThrow(/is no time/),
  );

  test("the past is refused, and what is too far ahead", () => {
    expect(() => momentOf("2026-06-01", NOON)).toThrow(/is past/);
    expect(() => momentOf("2036-06-01", NOON)).toThrow(/400 days/);
  });
});

test.each([
  ["2m", 2],
  ["2", 2],
  ["80cm", 0.8],
  ["1.5m", 1.5],
])("%s is a distance", (text, metres) => expect(metresOf(text)).toBe(metres));

test.each(["", "0m", "near", "2km", "-1m", "2000m"])('"%s" is no distance', (text) => {
  expect(() => metresOf(text)).toThrow(/is no distance/);
});
