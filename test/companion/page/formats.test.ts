import { expect, test } from "vitest";
import { dateFormat, numberFormat } from "../../../companion/page/formats.ts";

// Node carries all of CLDR, unlike the browsers for which the Kazakh names are written out.
const MONTHS = Array.from({ length: 12 }, (_, month) => Date.UTC(2026, month, 15));
const WEEK = Array.from({ length: 7 }, (_, day) => Date.UTC(2026, 1, 1 + day));

test.each(["long", "short"] as const)("Kazakh months are CLDR's (%s)", (month) => {
  const options = { day: "numeric", month, timeZone: "UTC" } as const;
  const cldr = new Intl.DateTimeFormat("kk", options);
  const ours = dateFormat("kk", options);
  expect(MONTHS.map((date) => ours.format(date))).toEqual(MONTHS.map((date) => cldr.format(date)));
});

test.each(["long", "short"] as const)("Kazakh days of the week are CLDR's (%s)", (weekday) => {
  const options = { weekday, timeZone: "UTC" } as const;
  const cldr = new Intl.DateTimeFormat("kk", options);
  const ours = dateFormat("kk", options);
  expect(WEEK.map((date) => ours.format(date))).toEqual(WEEK.map((date) => cldr.format(date)));
});

test("a Kazakh date has no Russian in it", () => {
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  expect(dateFormat("kk", options).format(MONTHS[10]!)).toBe("15 қараша 2026\u00a0ж.");
  expect(dateFormat("ru", options).format(MONTHS[10]!)).toBe("15 ноября 2026 г.");
});

test("dates are those of the time zone that was asked for", () => {
  const options = { day: "numeric", month: "long", timeZone: "Asia/Almaty" } as const;
  expect(dateFormat("kk", options).format(Date.UTC(2026, 10, 30, 20))).toBe("1 желтоқсан");
});

test("Kazakh numbers are CLDR's", () => {
  expect(numberFormat("kk").format(1_234_567.8)).toBe(
    new Intl.NumberFormat("kk").format(1_234_567.8),
  );
});
