/**
 * `node check-file.js PEM FILE...`: reads and verifies export files one after another, in a process of its own so that its
 * memory can be measured, and prints a {@link FileCheck} as JSON.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { keysOf, readExport } from "../../companion/exports/export-file.ts";
import { peakMemory } from "./peak-memory.ts";

/** What checking files took. */
export interface FileCheck {
  readonly keys: number;
  /** Of each file. */
  readonly seconds: readonly number[];
  /** The most that the process ever had in memory, in bytes. */
  readonly peakMemory: number;
}

const [pem = "", ...files] = process.argv.slice(2);
const trusted = [{ id: "401", version: "v1", pem: readFileSync(pem, "utf8") }];
const seconds: number[] = [];
let keys = 0;
let periods = 0;
for (const file of files) {
  const started = performance.now();
  for (const columns of keysOf([readExport(readFileSync(file), trusted)])) {
    keys += columns.length;
    // Somebody who looks at every key.
    for (const period of columns.rollingPeriod) periods += period;
  }
  seconds.push((performance.now() - started) / 1000);
}
if (periods === 0) throw new Error("the files hold no keys");
const check: FileCheck = { keys, seconds, peakMemory: peakMemory() };
console.log(JSON.stringify(check));
