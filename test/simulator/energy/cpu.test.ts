import { expect, test } from "vitest";
import { CpuEstimate } from "../../../simulator/energy/cpu.ts";
import type { Activity } from "../../../simulator/espruino/activity.ts";

const TIMER: Activity = { what: "script", trigger: "timer" };
const RECORD: Activity = { what: "flash", bytes: 12 };

function millions(activities: readonly Activity[]): number {
  const estimate = new CpuEstimate();
  for (const activity of activities) estimate.take(activity);
  return estimate.instructions / 1e6;
}
const times = (count: number, activity: Activity): Activity[] => new Array(count).fill(activity);

// What callgrind counted on the real interpreter, see simulator/energy/calibrate.ts; `npm run size` counts a beacon, a
// rotation and a merging, too.
test.each([
  ["a scan alone", [TIMER, TIMER], 1.08, 0.1],
  [
    "a change of identifier",
    [TIMER, ...times(2, { what: "crypto" }), { what: "flash", bytes: 4 }],
    1.88,
    0.1,
  ],
  [
    "a scan that hears 40 beacons of 20 neighbours, the mean of an hour",
    [TIMER, TIMER, ...times(40, { what: "script", trigger: "beacon" })],
    21.5,
    0.1,
  ],
  ["a commit of 25 records", [TIMER, ...times(25, RECORD)], 55.4, 0.12],
  ["merging two pages into 262 records", [TIMER, ...times(262, RECORD)], 1904, 0.05],
  [
    "a change of identifier in JavaScript",
    [TIMER, ...times(66, { what: "map", bytes: 16 }), { what: "flash", bytes: 4 }],
    22.4,
    0.05,
  ],
] as [string, Activity[], number, number][])("%s", (_, activities, measured, tolerance) => {
  expect(Math.abs(millions(activities) / measured - 1)).toBeLessThan(tolerance);
});

test("a long write is copied, and merging is told by the writes of one callback alone", () => {
  expect(millions([{ what: "flash", bytes: 372 }])).toBe(millions([RECORD]));
  const apart = [TIMER, ...times(60, RECORD), TIMER, ...times(60, RECORD)];
  expect(millions(apart)).toBeCloseTo(2 * millions([TIMER, ...times(60, RECORD)]), 9);
});

test("what is no computing costs nothing", () => {
  const others: Activity[] = [
    { what: "erase" },
    { what: "watch" },
    { what: "power", on: true },
    { what: "screen" },
  ];
  expect(millions(others)).toBe(0);
});
