import { expect, test } from "vitest";
import { fourteenDays, nearnessAt } from "../../../companion/page/chart/fourteen-days.ts";

const CHECKED_AT = Date.UTC(2026, 2, 5, 23, 59) / 1000;

test("the chart has the last fourteen UTC days up to the check, those without a meeting too", () => {
  const day = { level: "high", minutes: 47, attenuationDb: 58 } as const;
  const days = fourteenDays({
    checkedAt: CHECKED_AT,
    days: [
      { ...day, date: "2026-03-05" },
      { ...day, date: "2026-02-20", minutes: 3, attenuationDb: 80 },
    ],
  });
  expect(days.map(({ date }) => date)).toEqual([
    "2026-02-20",
    "2026-02-21",
    "2026-02-22",
    "2026-02-23",
    "2026-02-24",
    "2026-02-25",
    "2026-02-26",
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
    "2026-03-02",
    "2026-03-03",
    "2026-03-04",
    "2026-03-05",
  ]);
  expect(days.filter(({ nearness }) => nearness)).toEqual([
    { date: "2026-02-20", minutes: 3, nearness: "far" },
    { date: "2026-03-05", minutes: 47, nearness: "near" },
  ]);
});

test.each([
  [62, "near"],
  [63, "middle"],
  [72, "middle"],
  [73, "far"],
])("%d dB are %s, as the Corona-Warn-App weighs them", (attenuationDb, nearness) => {
  expect(nearnessAt(attenuationDb)).toBe(nearness);
});
