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

test("kept is what is left of what was logged, over all wearers", () => {
  const tokens = [
    writtenToken(0, [], 2, { log: LOG, loggedMinutes: [20, 7] }),
    // More than was logged in the evening counts no more than that.
    writtenToken(1, [], 2, { log: LOG, loggedMinutes: [13, 0] }),
  ];
  const { mean } = keptShare([run(tokens)], [START]);
  expect(mean).toBeCloseTo((14 + 7 + 13) / 40);
});

test("a day that was interrupted does not count", () => {
  const token = writtenToken(0, [], 2, { log: LOG, loggedMinutes: [20] });
  expect(keptShare([run([token], 1.5)], [START]).mean).toBeCloseTo(14 / 20);
  expect(keptShare([run([writtenToken(0, [], 1, { log: LOG })], 0.5)], [START]).mean).toBe(0);
});

test("without anything logged nothing is kept", () => {
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
      const loggedMinutes = exposureMinutes(writeLog(all), START, 2);
      const share = (log: Uint8Array): number =>
        keptShare([run([writtenToken(0, [], 2, { log, loggedMinutes })])], [START]).mean;
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
