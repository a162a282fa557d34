import fc from "fast-check";
import { expect, test } from "vitest";
import { formatLogFile, parseLogFile } from "../../../companion/token/log-file.ts";
import { packEncounter, packMark } from "../../../protocol/encounter-record.ts";
import { failureCode } from "../exports/make-export.ts";

const RECORDS = Buffer.concat([
  packMark(2_666_880, 1, 0),
  packEncounter(new Uint8Array(9).fill(7), 3, 5, -60, -54),
  packEncounter(new Uint8Array(9).fill(9), 4, 5, -70, -64),
]);

test("a log comes back as it was written", () => {
  expect(parseLogFile(formatLogFile(RECORDS)).map(({ interval }) => interval)).toEqual([
    2_666_883, 2_666_884,
  ]);
  expect(parseLogFile(formatLogFile(new Uint8Array(0)))).toEqual([]);
});

test("a log that is cut off anywhere is refused", () => {
  const file = formatLogFile(RECORDS);
  for (let length = 0; length < file.length; length++) {
    expect(failureCode(() => parseLogFile(file.subarray(0, length)))).toBe("log-malformed");
  }
});

test("a log with a changed byte is refused", () => {
  const file = formatLogFile(RECORDS);
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Uint8Array.from(file);
      damaged[at]! ^= change;
      expect(failureCode(() => parseLogFile(damaged))).toBe("log-malformed");
    }),
  );
});
