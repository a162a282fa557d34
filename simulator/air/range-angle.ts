/**
 * The set mkrangle/MITRE-Range-Angle-Structured: pairs of persons with phones, 0.9 to 4.6 m apart, of whom one turns by
 * 45 degrees after each minute (MITRE for the PACT project, 2020; structured contact tracing protocol 2.0).
 *
 * Of the ways to carry a phone those are read that a token could be worn in: in hand and in the shirt's pocket, both in
 * front of the body.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PublishedSet, Recording } from "./published.ts";

const IN_FRONT = ["in hand", "shirt pocket"];
const METRES_PER_FOOT = 0.3048;
/** A minute in which less was heard says little of the median. */
const FEWEST_PACKETS = 8;

/** Whether the checkout at `path` is this set. */
export function isRangeAngle(path: string): boolean {
  return setsOf(path).length > 0;
}

/** Reads it. */
export function readRangeAngle(path: string): PublishedSet {
  return {
    title: "Pairs of phones held or worn in front, one carrier turning",
    source: "https://github.com/mkrangle/MITRE-Range-Angle-Structured",
    recordings: setsOf(path).flatMap((set) =>
      readdirSync(join(path, set))
        .filter((name) => /^log.*\.txt$/.test(name))
        .sort()
        .flatMap((name) => readLog(readFileSync(join(path, set, name), "utf8"), set)),
    ),
  };
}

function setsOf(path: string): string[] {
  return readdirSync(path)
    .filter((name) => /^set_\d+$/.test(name))
    .sort();
}

// Lines are `time,what,value,...`; `Bluetooth` lines are `time,Bluetooth,identifier,rssi,name,...`.
function readLog(text: string, set: string): Recording[] {
  const recordings: (Recording & { rssi: number[] })[] = [];
  const said = new Map<string, string>();
  let current: number[] = [];
  for (const line of text.split("\n")) {
    const fields = line.split(",");
    const what = fields[1];
    if (what === "Bluetooth") {
      const rssi = Number(fields[3]);
      // 127 is what iOS says when it has no reading.
      if (fields[4] === said.get("partner_beacon_id") && rssi < 0) current.push(rssi);
      continue;
    }
    if (what === undefined || fields[2] === undefined) continue;
    said.set(what, fields[2].trim());
    const turned = Number(said.get("Angle"));
    const metres = Number(said.get("Range")) * METRES_PER_FOOT;
    if (what === "Angle" && turned >= 0 && metres > 0) {
      current = [];
      const offReceiver = Math.min(turned, 360 - turned);
      const place = `${set} ${metres} ${turned}`;
      recordings.push({ pair: set, place, metres, offSender: 0, offReceiver, rssi: current });
    }
  }
  const carried = ["self_on_body_location", "partner_on_body_location"].map((key) => said.get(key));
  if (!carried.every((where) => where !== undefined && IN_FRONT.includes(where))) return [];
  return recordings.filter(({ rssi }) => rssi.length >= FEWEST_PACKETS);
}
