import { expect, test } from "vitest";
import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import { HOUR, Rig } from "../support/rig.ts";

const NEAR = -60;
const FAR = -90;

// A worn token whose scans hear another one, or nobody; tells when they begin.
async function scanner() {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  const b = await rig.wornToken("B");
  const begins: number[] = [];
  let rssi: number | undefined;
  a.onScanStart = () => {
    begins.push(rig.world.now);
    if (rssi === undefined) return;
    rig.world.timeline.after(100, () => a.nrf.receive(b.nrf.onAir()!, rssi!));
  };
  return {
    // Lets so many scans begin, with the other one as strong as that, and tells the time before each.
    pauses(count: number, heard: number | undefined): number[] {
      const from = begins.length;
      rssi = heard;
      while (begins.length < from + count) rig.world.run(1);
      return begins.slice(from).map((begin, index) => begin - (begins[from + index - 1] ?? begin));
    },
    length: () => lengthOf(a, rig),
  };
}

function lengthOf(device: EspruinoDevice, rig: Rig): number {
  let length = 0;
  device.onScanEnd = (milliseconds) => {
    length = milliseconds;
  };
  rig.world.run(HOUR);
  return length;
}

const usual = (pause: number): boolean => pause > 219 && pause < 282;
const quick = (pause: number): boolean => pause > 59 && pause < 122;
const kinds = (pauses: readonly number[]): string =>
  pauses.map((pause) => (usual(pause) ? "usual" : quick(pause) ? "quick" : `${pause}`)).join(" ");

test("a scan lasts a little longer than two beacons are apart", async () => {
  const { length } = await scanner();
  expect(length()).toBeGreaterThan(280);
  expect(length()).toBeLessThan(300);
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
