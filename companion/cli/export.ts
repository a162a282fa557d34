/**
 * `saqbol export`.
 *
 * @module
 */
import type { Command } from "commander";
import { dayOf } from "../../protocol/intervals.ts";
import { type ExportInspection, inspectExport } from "../exports/export-file.ts";
import type { PublishedKeys } from "../exports/published-keys.ts";
import { dateOfDay } from "../risk/date-of-day.ts";
import { readInput } from "./files.ts";
import { jsonOption } from "./options.ts";

interface Values {
  readonly publicKey?: string;
  readonly json?: true;
}

/** Adds the commands. */
export function addExport(program: Command): void {
  const command = program.command("export").description("look into export files of key servers");
  command
    .command("inspect")
    .description("say what an export file holds and whether its signature is right; shows no keys")
    .argument("<file>", "an export file")
    .option("--public-key <file>", "the key that should have signed it, PEM")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The signature is one of
  verified    made with the public key given, whatever key the file names
  unverified  there is none, or no public key was given
  invalid     not made with the public key given

Exit codes: 0 verified, or no public key was given; 1 not verified with the public key given, or the file is damaged or
no export; 2 wrong usage.`,
    )
    .action((path: string, options: Values) => {
      const pem =
        options.publicKey === undefined
          ? undefined
          : Buffer.from(readInput(options.publicKey)).toString("utf8");
      const summary = summaryOf(inspectExport(readInput(path), pem));
      console.log(options.json ? JSON.stringify(summary) : inWords(summary));
      if (pem !== undefined && summary.signature !== "verified") process.exitCode = 1;
    });
}

function summaryOf({ file, state, signatures }: ExportInspection) {
  const { region, startTimestamp, endTimestamp, batchNum, batchSize, keys, revisedKeys } = file;
  return {
    region,
    startTimestamp,
    endTimestamp,
    batchNum,
    batchSize,
    keys: keys.length,
    revisedKeys: revisedKeys.length,
    ...keyDays([keys, revisedKeys]),
    signature: state,
    signers: signatures.map(({ id, version, algorithm }) => ({ id, version, algorithm })),
  };
}

// UTC days on which the keys begin; null when there are none.
function keyDays(columns: readonly PublishedKeys[]) {
  let first = Number.POSITIVE_INFINITY;
  let last = -1;
  for (const { rollingStart } of columns) {
    for (const start of rollingStart) {
      if (start < first) first = start;
      if (start > last) last = start;
    }
  }
  return last < 0
    ? { firstKeyDay: null, lastKeyDay: null }
    : { firstKeyDay: dateOfDay(dayOf(first)), lastKeyDay: dateOfDay(dayOf(last)) };
}

function inWords(summary: ReturnType<typeof summaryOf>): string {
  const { firstKeyDay, lastKeyDay, signers } = summary;
  const names = signers.map(({ id, version }) => `key ${id}, version ${version}`);
  const rows = [
    ["Region", summary.region || "not named"],
    ["Window", `${moment(summary.startTimestamp)} to ${moment(summary.endTimestamp)}`],
    ["Batch", `${summary.batchNum} of ${summary.batchSize}`],
    ["Keys", `${summary.keys}, and ${summary.revisedKeys} revised`],
    ["Key days", firstKeyDay === null ? "none" : `${firstKeyDay} to ${lastKeyDay}`],
    ["Signature", `${summary.signature}; ${names.join("; ") || "none in the file"}`],
  ];
  return rows
    .map(([label, value]) => `${`${label}:`.padEnd(11)}${printable(`${value}`)}`)
    .join("\n");
}

function moment(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  if (unixSeconds === 0) return "not named";
  return Number.isNaN(date.getTime()) ? `${unixSeconds} s` : date.toISOString().replace(".000", "");
}

// Whoever wrote the file has no say over the terminal.
function printable(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "\ufffd");
}
