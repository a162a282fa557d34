import { expect, test } from "vitest";
import { dayInWords, recentDays } from "../../../companion/page/screens/test/recent-days.ts";

const NOW = Date.parse("2026-03-02T00:30:00+05:00");

test("days are those of UTC, the latest first, across a month's end", () => {
  expect(recentDays(NOW, 2)).toEqual(["2026-03-01", "2026-02-28", "2026-02-27"]);
});

test("28 days before today can be chosen, and no more", () => {
  const days = recentDays(NOW, 28);
  expect(days).toHaveLength(29);
  expect(days.at(-1)).toBe("2026-02-01");
});

test("days are written as the page's language has them, whatever the computer's time zone", () => {
  expect(dayInWords("2026-03-01", "en")).toMatch(/Sunday.*March/);
  expect(dayInWords("2026-03-01", "ru")).toBe("воскресенье, 1 марта");
  expect(dayInWords("2026-03-01", "kk")).toBe("1 наурыз, жексенбі");
});
