import { expect, test } from "vitest";
import { statusInJson, statusInWords } from "../../../companion/cli/status-words.ts";
import type { StatusView } from "../../../companion/desk/desk-api.ts";

const STATUS: StatusView = {
  state: "on",
  batteryPercent: 87,
  batteryLow: false,
  failures: 0,
  restarts: 0,
  clockSet: true,
  clockDoubtful: false,
  clockErrorSeconds: -3,
  logFull: false,
  logEmpty: false,
  lastCheck: null,
  exposure: { level: "none", date: null, minutes: 0, attenuationDb: 0, acknowledged: false },
};

test("a sound token's state has no word of faults", () => {
  expect(statusInWords(STATUS).split("\n")).toEqual([
    "Contact detection: on",
    "Battery: 87 %",
    "Clock: 3 s slow",
    "Log: has room",
    "Last check: never",
    "Exposure: none known",
  ]);
});

test.each([
  [{ restarts: 1 }, "restarted itself once because it hung"],
  [{ failures: 2 }, "radio or flash failed 2 times since it was started"],
  [
    { restarts: 3, failures: 255 },
    "restarted itself 3 times because it hung, radio or flash failed 255 or more times since it was started",
  ],
])("faults are told with what to do about them: %o", (faults, words) => {
  const status = { ...STATUS, ...faults };
  expect(statusInWords(status)).toContain(
    `\nFaults: ${words}; a few do no harm, but exchange the token if there are more at each visit\n`,
  );
  expect(statusInJson(status)).toMatchObject(faults);
});

test("programs are told of faults, even of none", () => {
  expect(statusInJson(STATUS)).toMatchObject({ failures: 0, restarts: 0 });
});
