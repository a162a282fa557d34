import { expect, test } from "vitest";
import type { StatusView } from "../../../companion/desk/desk-api.ts";
import { tokenLight } from "../../../companion/page/parts/token-light.ts";

const WELL: StatusView = {
  state: "on",
  batteryPercent: 80,
  batteryLow: false,
  failures: 0,
  restarts: 0,
  clockSet: true,
  clockDoubtful: false,
  clockErrorSeconds: 0,
  logFull: false,
  logEmpty: false,
  lastCheck: null,
  exposure: { level: "none", date: null, minutes: 0, attenuationDb: 0, acknowledged: false },
};
const EXPOSURE = { ...WELL.exposure, level: "high" } as const;

// In the order in which the firmware's wearer's state decides.
test.each<[string, Partial<StatusView>]>([
  ["exposure", { exposure: EXPOSURE, clockDoubtful: true, batteryLow: true }],
  ["exposure", { exposure: { ...EXPOSURE, acknowledged: true } }],
  ["needsDesk", { clockDoubtful: true, batteryLow: true }],
  ["lowBattery", { batteryLow: true, state: "paused" }],
  ["paused", { state: "paused" }],
  ["paused", { state: "off" }],
  ["on", { exposure: { ...EXPOSURE, level: "low" } }],
  ["on", {}],
])("a pressed token shows %s when %j", (signal, changes) => {
  expect(tokenLight({ ...WELL, ...changes })).toBe(signal);
});
