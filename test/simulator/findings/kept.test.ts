import fc from "fast-check";
import { expect, test } from "vitest";
import { exposureMinutes, fillByDay, keptShare } from "../../../simulator/findings/kept.ts";
import type { RunOutcome } from "../../../simulator/run/outcome.ts";
import { START, writeLog, writtenToken } from "./written-token.ts";

// Weights of the risk model: 0.8 below 63 dB, 1 below 73, 0.1 below 79, else none.
const LOG = writeLog([
  { other: 1, at: 10, minutes: 10, mean: -60 },
  { other: 1, at: 20, minutes: 5, mean: -80, best: -72 },
  { other: 2, at: 143, minutes: 10, mean: -76 },
  { other: 2, at: 144, minutes: 7, mean: -64 },
  { other: 2, at: 300, minutes: 30, mean: -90 },
]);

function run(tokens: RunOutcome["tokens"], days = 2): RunOutcome {
  return { seed: "1", days, tokens };
}

test("exposure minutes are weighted by the best attenuation, day by day", () => {
  const byDay = exposureMinutes(LOG, START, 3);
  expect(byDay.map((value) => value.toFixed(6))).toEqual(["14.000000", "7.000000", "0.000000"]);
  expect(exposureMinutes(LOG, START, 1)).toHaveLength(1);
  expect(exposureMinutes(LOG, START + 86_400, 1)).toEqual([7]);
});

test("records of one identifier are one exposure of the first one's day, as near as the nearest", () => {
  const stay = [
    { other: 1, at: 143, minutes: 4, mean: -90 },
    { other: 1, at: 143, minutes: 6, mean: -78, best: -72 },
    { other: 1, at: 143, minutes: 5, mean: -76 },
  ];
  expect(exposureMinutes(writeLog(stay), START, 2)).toEqual([15, 0]);
  // As merging has it, which makes one record of those that are about as strong.
  const merged = [
    { other: 1, at: 143, minutes: 4, mean: -90 },
    { other: 1, at: 143, minutes: 11, mean: -76, best: -72 },
  ];
  expect(exposureMinutes(writeLog(merged), START, 2)).toEqual([15, 0]);
  const [, ...near] = stay;
  expect(exposureMinutes(writeLog(near), START, 2)).toEqual([11, 0]);
});

test("kept is what logs hold of what was heard, over all wearers", () => {
  const tokens = [
    writtenToken(0, [], 2, { log: LOG, heardMinutes: [20, 7] }),
    writtenToken(1, [], 2, { log: LOG, heardMinutes: [30, 13] }),
    writtenToken(2, [], 2, { heardMinutes: [0, 10] }),
  ];
  const { mean } = keptShare([run(tokens)], [START]);
  expect(mean).toBeCloseTo((2 * (14 + 7)) / 80);
});

test("what rounding adds makes up for what it takes elsewhere, and all is the most", () => {
  const kept = (...heard: number[]): number =>
    keptShare(
      [run(heard.map((each) => writtenToken(0, [], 2, { log: LOG, heardMinutes: [each, 7] })))],
      [START],
    ).mean;
  expect(kept(13.5, 14.5)).toBe(1);
  expect(kept(13.5, 13.5)).toBe(1);
  expect(kept(14, 28)).toBeCloseTo(42 / 56);
});

test("a day that was interrupted does not count", () => {
  const token = writtenToken(0, [], 2, { log: LOG, heardMinutes: [20] });
  expect(keptShare([run([token], 1.5)], [START]).mean).toBeCloseTo(14 / 20);
  expect(keptShare([run([writtenToken(0, [], 1, { log: LOG })], 0.5)], [START]).mean).toBe(0);
});

test("without anything heard nothing is kept", () => {
  expect(keptShare([run([writtenToken(0, [])])], [START])).toEqual({ mean: 0, low: 0, high: 0 });
});

test("a log keeps all of what it has itself, and no more of it after losing records", () => {
  const heard = fc.record({
    other: fc.integer({ min: 1, max: 3 }),
    at: fc.nat(287),
    minutes: fc.integer({ min: 1, max: 31 }),
    mean: fc.integer({ min: -70, max: -40 }),
  });
  fc.assert(
    fc.property(fc.array(heard, { minLength: 1, maxLength: 12 }), fc.nat(12), (all, lost) => {
      const heardMinutes = exposureMinutes(writeLog(all), START, 2);
      const share = (log: Uint8Array): number =>
        keptShare([run([writtenToken(0, [], 2, { log, heardMinutes })])], [START]).mean;
      expect(share(writeLog(all))).toBe(1);
      expect(share(writeLog(all.slice(lost)))).toBeLessThanOrEqual(1);
    }),
  );
});

test("fill is spread over the wearers of all runs who lived through the day", () => {
  const filled = (...fill: number[]) => writtenToken(0, [], 2, { fill });
  expect(fillByDay([run([filled(10, 20), filled(20, 40)]), run([filled(30)])])).toEqual([
    { day: 0, low: 12, median: 20, high: 28 },
    { day: 1, low: 22, median: 30, high: 38 },
  ]);
  expect(fillByDay([run([])])).toEqual([]);
});
