import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compareWithPublished } from "../../../simulator/air/compare.ts";
import { bodyLoss, medianAttenuation } from "../../../simulator/air/path-loss.ts";
import { readPublished } from "../../../simulator/air/published.ts";
import { FADING_SPREAD } from "../../../simulator/air/reception.ts";
import { radioReport } from "../../../simulator/air/report.ts";
import { createRandom } from "../../../simulator/random.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "published-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(file: string, lines: readonly string[]): void {
  const path = join(directory, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.join("\n")}\n`);
}

// A set of phones that lose 7 dB less than tokens, at distances in centimetres.
function writePhones(distances: readonly number[], packets: number): void {
  const random = createRandom("phones");
  for (const [file, off] of [
    ["HandHand/RSS_humanHH.csv", 0],
    ["BackpackBackpack/RSS_humanBB.csv", 180],
  ] as const) {
    const lines = distances.flatMap((distance) => {
      const median = 7 - medianAttenuation(distance / 100) - 2 * bodyLoss(off);
      return Array.from({ length: packets }, (_, i) => {
        const rssi = Math.round(median + FADING_SPREAD * random.normal());
        return `phone,${i},${rssi},0,0,${distance},1`;
      });
    });
    write(file, ["device,elapsed,rss,mRSS10,mRSS100,dist,label", ...lines]);
  }
}

function writeTurning(where: string): void {
  write("set_1/log_a.txt", [
    `t,self_on_body_location,${where}`,
    "t,partner_beacon_id,BlueProxTx",
    "t,partner_on_body_location,in hand",
    "t,Range,3",
    "t,Angle,0",
    ...Array.from({ length: 8 }, () => "t,Bluetooth,ID,-55,BlueProxTx,-999.0,1"),
    "t,Bluetooth,ID,127,BlueProxTx,-999.0,1",
    "t,Bluetooth,OTHER,-90,None,-999.0,1",
    "t,Angle,225",
    ...Array.from({ length: 9 }, () => "t,Bluetooth,ID,-61,BlueProxTx,-999.0,1"),
    "t,Angle,270",
    "t,Bluetooth,ID,-61,BlueProxTx,-999.0,1",
  ]);
}

test("phones in hand and on the back: sender, distance, orientation, packets", () => {
  writePhones([100, 250], 3);
  const { recordings } = readPublished(directory);
  expect(
    recordings.map(({ pair, metres, offSender, rssi }) => [pair, metres, offSender, rssi.length]),
  ).toEqual([
    ["phone", 1, 0, 3],
    ["phone", 2.5, 0, 3],
    ["phone", 1, 180, 3],
    ["phone", 2.5, 180, 3],
  ]);
});

test("a turning carrier: feet, degrees off front, the partner's packets alone, and no short recordings", () => {
  writeTurning("shirt pocket");
  const { recordings } = readPublished(directory);
  expect(recordings).toEqual([
    {
      pair: "set_1",
      place: "set_1 0.9144000000000001 0",
      metres: expect.closeTo(0.9144),
      offSender: 0,
      offReceiver: 0,
      rssi: Array(8).fill(-55),
    },
    expect.objectContaining({ offReceiver: 135, rssi: Array(9).fill(-61) }),
  ]);
});

test("what no token could be worn like is left out", () => {
  writeTurning("in purse");
  expect(() => readPublished(directory)).toThrow(/holds no measurement/);
});

test("a directory that is none, or holds something else, or lacks a column is refused in one sentence", () => {
  expect(() => readPublished(join(directory, "none"))).toThrow(/no directory/);
  expect(() => readPublished(directory)).toThrow(/no data set that can be read/);
  write("HandHand/RSS_humanHH.csv", ["device,rss", "phone,-60"]);
  write("BackpackBackpack/RSS_humanBB.csv", ["device,rss", "phone,-60"]);
  expect(() => readPublished(directory)).toThrow(/lacks a column/);
});

test("what the model itself makes, with another loss of devices, is found to agree with it", () => {
  writePhones([50, 100, 200, 300, 400], 500);
  const comparison = compareWithPublished(directory);
  expect(comparison).toMatchObject({ recordings: 10, packets: 5000, pairs: 1 });
  expect(comparison.distances.map(({ key }) => key)).toEqual([0.5, 1, 2, 3, 4]);
  expect(comparison.directions.map(({ key }) => key)).toEqual([0, 360]);
  // No slow shadowing in it; the model has some, which leaves chance in its median.
  for (const { key, measured } of comparison.distances) {
    expect(Math.abs(measured.median - medianAttenuation(key))).toBeLessThan(1);
  }
  expect(comparison.medianError).toBeLessThan(comparison.expectedMedianError);
  expect(comparison.spreadError).toBeLessThan(1);
  expect(compareWithPublished(directory)).toEqual(comparison);
});

test("a wrong exponent is found out", () => {
  const lines = [50, 100, 200, 400].flatMap((distance) =>
    Array.from({ length: 10 }, () => `phone,0,${-60 - distance / 10},0,0,${distance},1`),
  );
  for (const file of ["HandHand/RSS_humanHH.csv", "BackpackBackpack/RSS_humanBB.csv"]) {
    write(file, ["device,elapsed,rss,mRSS10,mRSS100,dist,label", ...lines]);
  }
  const comparison = compareWithPublished(directory);
  expect(comparison.medianError).toBeGreaterThan(8);
});

test("the report is a table for each view, and says what was fitted and how far off it is", () => {
  writePhones([100, 200], 50);
  const report = radioReport(compareWithPublished(directory));
  expect(report).toMatch(/4 recordings, 200 packets/);
  expect(report).toMatch(/one offset for each of 1 pairs of devices/);
  expect(report).toMatch(/^1\.00 m +1 +\d+\.\d +\d+\.\d +\d+\.\d +\d+\.\d$/m);
  expect(report).toMatch(/^360° +2 /m);
  expect(report).toMatch(/differ by \d+\.\d dB \(root mean square\)/);
});
