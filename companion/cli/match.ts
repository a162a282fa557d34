/**
 * `saqbol match`.
 *
 * @module
 */
import type { Command } from "commander";
import { readExport } from "../exports/export-file.ts";
import { publishedKeys } from "../exports/published-keys.ts";
import { parseLogFile } from "../token/log-file.ts";
import { checkLog } from "../visit/check-log.ts";
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
    .description("check a token's log against export files (for developers)")
    .requiredOption("--log <file>", "a log as the demo's --keep writes it")
    .requiredOption("--export <file...>", "export files, oldest first")
    .addOption(riskConfigOption())
    .addOption(jsonOption());
  for (const option of trustedKeyOptions()) command.addOption(option);
  command.action(async (options: Values) => {
    const model = riskModelIn(options.riskConfig);
    const trusted = [trustedKeyOf(options)];
    const keys = options.export.flatMap((path) => {
      const file = readExport(readInput(path), trusted);
      return [publishedKeys(file.keys), publishedKeys(file.revisedKeys)];
    });
    const risk = await checkLog(parseLogFile(readInput(options.log)), keys, { model });
    console.log(options.json ? JSON.stringify(riskInJson(risk)) : riskInWords(risk));
  });
}
