import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { seedsFrom, wholeNumber } from "../../../simulator/cli/numbers.ts";

test("whole numbers within limits are read, and nothing else", () => {
  const read = wholeNumber(2, 14);
  expect(["2", "9", "14", "007"].map(read)).toEqual([2, 9, 14, 7]);
  for (const text of ["1", "15", "", " 3", "3 ", "2.5", "-3", "+3", "1e1", "0x4", "three", "NaN"]) {
    expect(() => read(text)).toThrow(InvalidArgumentError);
  }
  expect(() => read("15")).toThrow("It must be a whole number from 2 to 14.");
});

test("seeds are named after the first, which keeps its name", () => {
  expect(seedsFrom("7", 1)).toEqual(["7"]);
  expect(seedsFrom("autumn", 3)).toEqual(["autumn", "autumn-2", "autumn-3"]);
});
