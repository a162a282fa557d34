import fc from "fast-check";
import { expect, test } from "vitest";
import { ReportQueue } from "../../../simulator/espruino/report-queue.ts";

const HANDLING = 8;

function taken(times: readonly number[], bytes = 31, handling = HANDLING): boolean[] {
  const queue = new ReportQueue();
  return times.map((time) => queue.takes(time, bytes, handling));
}

test("advertisements that come no faster than they are handled all reach JavaScript", () => {
  expect(taken(Array.from({ length: 500 }, (_, i) => i * HANDLING))).not.toContain(false);
});

test.each([
  ["of 31 bytes", 31, 22],
  ["of 28 bytes, as beacons have", 28, 24],
  ["of none", 0, 72],
])(
  "of a burst %s, one is handled, as many wait as the ring holds, and the rest is dropped",
  (_, bytes, waiting) => {
    const burst = Array.from({ length: 100 }, (_, i) => i * 0.01);
    const reach = taken(burst, bytes);
    expect(reach.filter(Boolean)).toHaveLength(1 + waiting);
    expect(reach.indexOf(false)).toBe(1 + waiting);
    // While these are handled, the ring, now empty, takes as many again.
    const second = Array.from({ length: 100 }, (_, i) => HANDLING + 0.01 * (i + 1));
    expect(taken([...burst, ...second], bytes).filter(Boolean)).toHaveLength(1 + 2 * waiting);
  },
);

test("at twice the rate that can be handled about half reaches JavaScript", () => {
  const reach = taken(Array.from({ length: 20_000 }, (_, i) => (i * HANDLING) / 2));
  const share = reach.filter(Boolean).length / reach.length;
  expect(share).toBeGreaterThan(0.48);
  expect(share).toBeLessThan(0.53);
});

test("whatever comes, what waits never takes more than the ring, and a pause empties it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 31 })), { maxLength: 200 }),
      (reports) => {
        const queue = new ReportQueue();
        let at = 0;
        let burst = 0;
        for (const [pause, bytes] of reports) {
          at += pause;
          burst = pause >= 2 * 200 * HANDLING ? 0 : burst + 1;
          if (burst <= 23) expect(queue.takes(at, bytes, HANDLING)).toBe(true);
          else queue.takes(at, bytes, HANDLING);
        }
        expect(queue.takes(at + 1000 * HANDLING, 31, HANDLING)).toBe(true);
      },
    ),
  );
});
