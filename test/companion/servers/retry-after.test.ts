import { expect, test } from "vitest";
import { retryAfterSeconds } from "../../../companion/servers/retry-after.ts";

/** 2020-09-15T13:30:00Z. */
const NOW = 1_600_176_600;

const secondsOf = (value: string): number | undefined =>
  retryAfterSeconds(new Headers({ "retry-after": value }), NOW);

test.each([
  ["0", 0],
  ["120", 120],
  [" 7 ", 7],
])("Retry-After in seconds: '%s'", (value, seconds) => {
  expect(secondsOf(value)).toBe(seconds);
});

test.each([
  ["Tue, 15 Sep 2020 13:32:00 GMT", 120],
  ["Tue, 15 Sep 2020 13:32:00 UTC", 120],
  ["Tue, 15 Sep 2020 13:29:00 GMT", 0],
])("Retry-After as an HTTP date, also as Go writes it: %s", (value, seconds) => {
  expect(secondsOf(value)).toBe(seconds);
});

test.each(["", "-5", "1.5", "soon", "2020-09-15T13:32:00Z", "Tue, 99 Foo 2020 13:32:00 GMT"])(
  "Retry-After that cannot be read is none: '%s'",
  (value) => {
    expect(secondsOf(value)).toBeUndefined();
  },
);

test("without the header there is none", () => {
  expect(retryAfterSeconds(new Headers(), NOW)).toBeUndefined();
});
