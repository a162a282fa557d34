/**
 * `node check-file.js PEM FILE...`: checks a log of 5,000 encounters against export files, one after another, in a process of its own so
 * that its memory can be measured, and prints a {@link FileCheck} as JSON.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { keysOf, readExport } from "../../companion/exports/export-file.ts";
import type { PublishedKeys } from "../../companion/exports/published-keys.ts";
import { inThreads } from "../../companion/matching/threads-finder.ts";
import { checkLog } from "../../companion/visit/check-log.ts";
import { PREFIX_BYTES } from "../../protocol/encounter-record.ts";
import { peakMemory } from "./peak-memory.ts";

/** What checking files took. */
export interface FileCheck {
  readonly keys: number;
  readonly seconds: number;
  /** The most that the process ever had in memory, in bytes. */
  readonly peakMemory: number;
}

const START = 2_666_880 - 14 * 144;
const ENCOUNTERS = 5_000;

// A wearer who met somebody all the time, but nobody of the files.
const random = randomBytes(ENCOUNTERS * PREFIX_BYTES);
const log = Array.from({ length: ENCOUNTERS }, (_, index) => ({
  rpiPrefix: random.subarray(index * PREFIX_BYTES, (index + 1) * PREFIX_BYTES),
  aemPrefix: new Uint8Array(2),
  interval: START + Math.floor((index * 14 * 144) / ENCOUNTERS),
  epoch: 1,
  minutes: 5,
  meanRssi: -60,
  bestRssi: -54,
}));

const [pem = "", ...paths] = process.argv.slice(2);
const trusted = [{ id: "401", version: "v1", pem: readFileSync(pem, "utf8") }];
let keys = 0;

function* read(): Generator<PublishedKeys> {
  for (const path of paths) {
    for (const columns of keysOf([readExport(readFileSync(path), trusted)])) {
      keys += columns.length;
      yield columns;
    }
  }
}

const started = performance.now();
const { level } = await checkLog(log, read(), { openFinder: inThreads });
const seconds = (performance.now() - started) / 1000;
if (level !== "none") throw new Error("a stranger was found");
const check: FileCheck = { keys, seconds, peakMemory: peakMemory() };
console.log(JSON.stringify(check));
