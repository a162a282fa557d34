/**
 * `saqbol match`.
 *
 * @module
 */
import type { Command } from "commander";
import { keysOf, readExport } from "../exports/export-file.ts";
import { eachPublishedKey } from "../exports/published-keys.ts";
import { parseLogFile } from "../token/log-file.ts";
import { checkLog } from "../visit/check-visit.ts";
import { readInput } from "./files.ts";
import { jsonOption, type TrustedKeyValues, trustedKeyOf, trustedKeyOptions } from "./options.ts";
import { riskInJson, riskInWords } from "./risk-words.ts";

interface Values extends TrustedKeyValues {
  readonly log: string;
  readonly export: string[];
  readonly json?: true;
}

/** Adds the command. */
export function addMatch(program: Command): void {
  const command = program
    .command("match")
    .description("check a token's log against export files (for developers)")
    .requiredOption("--log <file>", "a log as the demo's --keep writes it")
    .requiredOption("--export <file...>", "export files, oldest first")
    .addOption(jsonOption());
  for (const option of trustedKeyOptions()) command.addOption(option);
  command.action((options: Values) => {
    const trusted = [trustedKeyOf(options)];
    const files = options.export.map((path) => readExport(readInput(path), trusted));
    const keys = [...eachPublishedKey(keysOf(files))];
    const risk = checkLog(parseLogFile(readInput(options.log)), keys);
    console.log(options.json ? JSON.stringify(riskInJson(risk)) : riskInWords(risk));
  });
}
