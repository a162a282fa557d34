import { expect, test } from "vitest";
import { batteryDays } from "../../../simulator/energy/battery.ts";

test("days are capacity by what is drawn, and a cell does not last for ever unused", () => {
  // 220 mAh, of which 2.2 a year are lost: 0.006 a day.
  expect(batteryDays(2, "puckjs")).toBeCloseTo(220 / (2 + 2.2 / 365), 9);
  expect(batteryDays(0, "puckjs")).toBeCloseTo(100 * 365, 6);
  expect(batteryDays(7, "banglejs2")).toBeCloseTo(25, 9);
});

test.each([-1, Number.NaN])("%s mAh a day is refused", (mAhPerDay) => {
  expect(() => batteryDays(mAhPerDay, "puckjs")).toThrow(`0 mAh a day or more, not ${mAhPerDay}`);
});
