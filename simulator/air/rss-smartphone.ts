/**
 * The set pc-ng/rss_smartphone: two phones carried by two standing persons, 0.2 to 5 m apart (Ng, Spachos and
 * Plataniotis, "COVID-19 and Your Smartphone", IEEE Systems Journal 2021).
 *
 * Of six ways to carry them those two are read that a token could be worn in: both in hand, that is in front of their
 * carriers, and both on the back. They are the same two phones; pockets lie in between, and one of each uses others.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../companion/failure.ts";
import type { PublishedSet, Recording } from "./published.ts";

const FILES = [
  { file: "HandHand/RSS_humanHH.csv", off: 0 },
  { file: "BackpackBackpack/RSS_humanBB.csv", off: 180 },
];
const COLUMNS = ["device", "rss", "dist"];

/** Whether the checkout at `path` is this set. */
export function isRssSmartphone(path: string): boolean {
  return FILES.every(({ file }) => existsSync(join(path, file)));
}

/** Reads it. */
export function readRssSmartphone(path: string): PublishedSet {
  return {
    title: "Two phones, in hand and on the back",
    source: "https://github.com/pc-ng/rss_smartphone",
    recordings: FILES.flatMap(({ file, off }) => readFile(join(path, file), off)),
  };
}

// One recording for each device and distance. The phone named in a line is the one that sent.
function readFile(file: string, off: number): Recording[] {
  const [head = "", ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  const [device, rss, dist] = COLUMNS.map((column) => names.indexOf(column)) as [
    number,
    number,
    number,
  ];
  if (Math.min(device, rss, dist) < 0) {
    throw new Failure(
      "bad-data-set",
      `${file} lacks a column of ${COLUMNS.join(", ")}; get the data set anew.`,
    );
  }
  const recordings = new Map<string, Recording & { rssi: number[] }>();
  for (const line of lines) {
    const fields = line.split(",");
    const key = `${fields[device]} ${fields[dist]}`;
    let recording = recordings.get(key);
    if (!recording) {
      recording = {
        pair: fields[device]!,
        // Both phones listened at once.
        place: `${file} ${fields[dist]}`,
        metres: Number(fields[dist]) / 100,
        offSender: off,
        offReceiver: off,
        rssi: [],
      };
      recordings.set(key, recording);
    }
    recording.rssi.push(Number(fields[rss]));
  }
  return [...recordings.values()];
}
