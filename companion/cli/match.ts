/**
 * `saqbol match`.
 *
 * @module
 */
import type { Command } from "commander";
import { type BatchPart, requireWholeBatches } from "../exports/batches.ts";
import { type ExportFile, keysOf, readExport, type TrustedKey } from "../exports/export-file.ts";
import { Failure } from "../failure.ts";
import { parseSightings } from "../matching/sightings-file.ts";
import { inThreads } from "../matching/threads-finder.ts";
import { readTexts } from "../texts/texts.ts";
import { isLogFile, parseLogFile } from "../token/log-file.ts";
import { checkLog, checkSightings } from "../visit/check-log.ts";
import { readInput } from "./files.ts";
import { jsonOption, type TrustedKeyValues, trustedKeyOf, trustedKeyOptions } from "./options.ts";
import { riskConfigOption, riskModelIn } from "./risk-option.ts";
import { riskInJson, riskInWords } from "./risk-words.ts";

interface Values extends TrustedKeyValues {
  readonly log: string;
  readonly export: string[];
  readonly riskConfig?: string;
  readonly json?: true;
}

/** Adds the command. */
export function addMatch(program: Command): void {
  const command = program
    .command("match")
    .description("check a log against export files (for developers)")
    .requiredOption(
      "--log <file>",
      "a token's log, as the demo's --keep writes it, or sightings with whole RPIs, one JSON object a line (docs/matching.md)",
    )
    .requiredOption("--export <file...>", "export files, oldest first")
    .addOption(riskConfigOption())
    .addOption(jsonOption());
  for (const option of trustedKeyOptions()) command.addOption(option);
  command.action(async (options: Values) => {
    const check = { model: riskModelIn(options.riskConfig), openFinder: inThreads };
    const trusted = [trustedKeyOf(options, command)];
    const log = readInput(options.log);
    const read = (path: string): ExportFile => readNamed(path, trusted);
    requireWholeBatches(options.export.map((path) => partOf(read(path))));
    // One file at a time, however many there are.
    const files = each(options.export, read);
    const risk = isLogFile(log)
      ? await checkLog(parseLogFile(log), keysOf(files), check)
      : await checkSightings(parseSightings(log), keysOf(files), check);
    console.log(
      options.json ? JSON.stringify(riskInJson(risk)) : riskInWords(risk, readTexts()("en")),
    );
  });
}

// Which of several files a failure is about.
function readNamed(path: string, trusted: readonly TrustedKey[]): ExportFile {
  const zip = readInput(path);
  try {
    return readExport(zip, trusted);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `In ${path}: ${error.message}`);
  }
}

function partOf({ keys: _, revisedKeys: __, ...part }: ExportFile): BatchPart {
  return part;
}

function* each<From, To>(list: Iterable<From>, change: (item: From) => To): Generator<To> {
  for (const item of list) yield change(item);
}
