/** `npm run bench:export`: what reading the export of a whole country takes, in time and in memory. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { readExportBin } from "../../companion/exports/export-bin.ts";
import { readAny } from "../../companion/exports/published-key-reader.ts";
import { PublishedKeysBuilder } from "../../companion/exports/published-keys.ts";
import { readZip } from "../../companion/exports/zip-container.ts";
import { checkFiles, MEMORY_LIMIT, onTopOfNode } from "./memory.ts";
import { NATIONAL_KEYS, writeNationalExport } from "./national-export.ts";

const DAYS = 14;
const HEADER_BYTES = 16;

const directory = mkdtempSync(join(tmpdir(), "saqbol-bench-"));
try {
  const { zip, pem } = writeNationalExport(directory);
  const { bin } = readZip(readFileSync(zip));
  say(`An export of ${count(NATIONAL_KEYS)} keys, ${megabytes(statSync(zip).size)} MB, one core:`);
  for (const [what, seconds] of [
    ["unpacked", best(() => readZip(readFileSync(zip)))],
    ["its keys read by hand, into columns", best(() => readExportBin(bin))],
    ["its keys read with the library, into columns", best(() => readWithLibrary(bin))],
  ] as const) {
    say(`  ${what.padEnd(46)}${rate(seconds)}`);
  }
  for (const files of [1, DAYS]) {
    const check = checkFiles(pem, Array(files).fill(zip));
    const memory = onTopOfNode(check);
    const what =
      files === 1
        ? "read, verified and matched with a log"
        : `${files} of them, one after another, each`;
    say(
      `  ${what.padEnd(46)}${rate(check.seconds / files)}, ${memory.toFixed(0)} MB on top of Node's own`,
    );
    if (files === 1 && memory > MEMORY_LIMIT) process.exitCode = 1;
  }
  say(`The limit for one file is ${MEMORY_LIMIT} MB.`);
} finally {
  rmSync(directory, { recursive: true });
}

// The same by the library alone: what the hand-written reader saves.
function readWithLibrary(bytes: Uint8Array): void {
  const keys = new PublishedKeysBuilder();
  const reader = new BinaryReader(bytes.subarray(HEADER_BYTES));
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 7) keys.add(readAny(reader.bytes()));
    else reader.skip(wireType, field);
  }
  keys.finish();
}

function best(action: () => void): number {
  const seconds = Array.from({ length: 5 }, () => {
    const started = performance.now();
    action();
    return (performance.now() - started) / 1000;
  });
  return Math.min(...seconds);
}

function rate(seconds: number): string {
  const speed = Math.round(NATIONAL_KEYS / seconds / 1000) * 1000;
  return `${(seconds * 1000).toFixed(0).padStart(5)} ms, ${count(speed)} keys/s`;
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function say(line: string): void {
  console.log(line);
}
