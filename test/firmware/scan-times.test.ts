import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ALONE_SCANS,
  ALONE_SECONDS,
  JITTER_SECONDS,
  SAVINGS_SHIFT,
  SHORTEST_SECONDS,
  SUSTAINED_SECONDS,
} from "../../firmware/scan-plan.ts";
import { clearAir } from "../support/clear-air.ts";
import { Rig } from "../support/rig.ts";

const NEAR = -60;
const FAR = -90;

// A worn token whose scans hear another one, or nobody.
async function scanner() {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  const b = await rig.wornToken("B");
  let rssi: number | undefined;
  const scans = clearAir(rig, a, () => (rssi === undefined ? [] : [[b, rssi]]));
  return {
    scans,
    // Lets so many scans pass, with the other one as strong as that, and tells the time before each, in seconds.
    pauses(count: number, heard: number | undefined): number[] {
      const from = scans.length;
      rssi = heard;
      while (scans.length < from + count) rig.world.run(1);
      return scans
        .slice(from)
        .map(({ begin }, index) => begin - (scans[from + index - 1]?.end ?? begin));
    },
  };
}

const mean = (pauses: readonly number[]): number =>
  pauses.reduce((sum, each) => sum + each, 0) / pauses.length;

function expectAbout(pauses: readonly number[], seconds: number): void {
  for (const pause of pauses) {
    expect(pause).toBeGreaterThanOrEqual(seconds - JITTER_SECONDS);
    expect(pause).toBeLessThanOrEqual(seconds + JITTER_SECONDS);
  }
}

test("a scan lasts a little longer than two beacons are apart", async () => {
  const { scans, pauses } = await scanner();
  pauses(20, NEAR);
  for (const { begin, end } of scans) {
    expect(end - begin).toBeGreaterThan(0.28);
    expect(end - begin).toBeLessThan(0.3);
  }
});

test.each([
  ["nobody", undefined],
  ["somebody far away", FAR],
])("with %s around for four hours, scans come each 320 s instead of 240", async (_, rssi) => {
  const token = await scanner();
  token.pauses(1, rssi);
  expectAbout(token.pauses(59, rssi), 240);
  expectAbout(token.pauses(60, rssi), 320);
});

test("in ten minutes with somebody there are two scans, however long one was alone before", async () => {
  // By the plan, once it has listened sixteen times alone: then there are savings. Before that, but for one in a thousand.
  const saved = 16 * (ALONE_SECONDS - SUSTAINED_SECONDS);
  const soonest = SUSTAINED_SECONDS - (saved >> SAVINGS_SHIFT);
  expect(ALONE_SECONDS + soonest + 2 * JITTER_SECONDS).toBeLessThanOrEqual(600);
  for (const alone of [1, 30, 61, 200]) {
    const token = await scanner();
    token.pauses(alone, undefined);
    const pauses = token.pauses(2, NEAR);
    // Somebody who comes just after a scan is heard after the next pause, and again after another one.
    expect(pauses[0]! + pauses[1]!).toBeLessThan(600);
  }
});

test("what was saved alone is spent among others: at first much of it, and no more than there is", async () => {
  const token = await scanner();
  token.pauses(ALONE_SCANS + 192, undefined);
  const saved = 192 * 80;
  const [, ...first] = token.pauses(11, NEAR);
  expectAbout(first, SHORTEST_SECONDS);
  const rest = token.pauses(400, NEAR);
  expect(mean(rest.slice(0, 20))).toBeLessThan(mean(rest.slice(40, 60)));
  expect(mean(rest.slice(40, 60))).toBeLessThan(mean(rest.slice(-20)));
  expectAbout(rest.slice(-20), SUSTAINED_SECONDS);
  const spent = [...first, ...rest].reduce((sum, pause) => sum + SUSTAINED_SECONDS - pause, 0);
  const chance = 4 * ((2 * JITTER_SECONDS) / Math.sqrt(12)) * Math.sqrt(410);
  expect(spent).toBeLessThan(saved + chance);
  expect(spent).toBeGreaterThan(0.9 * saved);
});

test("whoever is never alone pays for a scan each four minutes, and no more", async () => {
  const token = await scanner();
  const [, ...pauses] = token.pauses(400, NEAR);
  expectAbout(pauses, 240);
  expect(mean(pauses)).toBeGreaterThan(238);
  expect(mean(pauses)).toBeLessThan(242);
});

test("whoever comes and goes pays no more than that in the end", async () => {
  const stretches = fc.array(
    fc.record({ alone: fc.nat({ max: 150 }), near: fc.nat({ max: 150 }) }),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(stretches, async (all) => {
      const token = await scanner();
      token.pauses(1, undefined);
      const pauses = all.flatMap(({ alone, near }) => [
        ...token.pauses(alone, undefined),
        ...token.pauses(near, NEAR),
      ]);
      for (const pause of pauses) {
        expect(pause).toBeGreaterThanOrEqual(70);
        expect(pause).toBeLessThanOrEqual(ALONE_SECONDS + JITTER_SECONDS);
      }
      // Jitter is uniform; four standard deviations of its sum are left to chance.
      const chance = 4 * ((2 * JITTER_SECONDS) / Math.sqrt(12)) * Math.sqrt(pauses.length);
      const sum = pauses.reduce((all, each) => all + each, 0);
      expect(sum).toBeGreaterThan(SUSTAINED_SECONDS * pauses.length - chance);
    }),
    { numRuns: 20 },
  );
});
