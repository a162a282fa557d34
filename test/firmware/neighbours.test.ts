import { expect, test } from "vitest";
import { countScan, drainNeighbours, hear } from "../../firmware/neighbours.ts";
import { heard } from "../support/token/machine.ts";

const beacon = heard(-60, new Uint8Array(20).fill(7));

function drained(): number[] {
  const minutes: number[] = [];
  drainNeighbours(0, (_, __, each) => minutes.push(each));
  return minutes;
}

test("scans that were cut short take nothing from those that were not", () => {
  for (let visit = 0; visit < 50; visit++) {
    hear(beacon);
    // No scan has ended.
    expect(drained()).toEqual([1]);
  }
  let sum = 0;
  for (let scan = 0; scan < 10; scan++) {
    hear(beacon);
    countScan(250);
    sum += drained()[0]!;
  }
  expect(Math.abs(sum - (10 * 250) / 60)).toBeLessThanOrEqual(1);
});

test("over many records of one neighbour the minutes are right", () => {
  for (const span of [61, 89, 100, 239, 250, 281]) {
    let sum = 0;
    for (let scan = 0; scan < 100; scan++) {
      hear(beacon);
      countScan(span);
      sum += drained()[0]!;
    }
    expect(Math.abs(sum - (100 * span) / 60)).toBeLessThanOrEqual(1);
  }
});
