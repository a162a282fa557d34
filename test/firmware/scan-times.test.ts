import { expect, test } from "vitest";
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

const usual = (pause: number): boolean => pause >= 220 && pause <= 280;
const quick = (pause: number): boolean => pause >= 60 && pause <= 120;
const kinds = (pauses: readonly number[]): string =>
  pauses.map((pause) => (usual(pause) ? "usual" : quick(pause) ? "quick" : `${pause}`)).join(" ");

test("a scan lasts a little longer than two beacons are apart", async () => {
  const { scans, pauses } = await scanner();
  pauses(20, NEAR);
  for (const { begin, end } of scans) {
    expect(end - begin).toBeGreaterThan(0.28);
    expect(end - begin).toBeLessThan(0.3);
  }
});

test("alone, and with somebody far away, any ten minutes have two scans in them", async () => {
  const token = await scanner();
  token.pauses(1, undefined);
  expect(kinds(token.pauses(20, undefined))).toBe(Array(20).fill("usual").join(" "));
  expect(kinds(token.pauses(20, FAR))).toBe(Array(20).fill("usual").join(" "));
});

test("when somebody comes near, four scans follow quickly, and company that stays needs no more", async () => {
  const token = await scanner();
  token.pauses(6, undefined);
  // The first of these hears that somebody has come.
  expect(kinds(token.pauses(10, NEAR))).toBe(
    "usual quick quick quick quick usual usual usual usual usual",
  );
});

test("each scan alone gives one quick scan back", async () => {
  const token = await scanner();
  token.pauses(6, undefined);
  token.pauses(10, NEAR);
  // Whoever has gone is not waited for.
  expect(kinds(token.pauses(2, undefined))).toBe("usual usual");
  expect(kinds(token.pauses(5, NEAR))).toBe("usual quick quick usual usual");
  expect(kinds(token.pauses(9, undefined))).toBe(Array(9).fill("usual").join(" "));
  expect(kinds(token.pauses(6, NEAR))).toBe("usual quick quick quick quick usual");
});
