/**
 * `saqbol sync`.
 *
 * @module
 */
import type { Command } from "commander";
import type { Texts } from "../desk/desk-api.ts";
import { keysOf } from "../exports/export-file.ts";
import { inThreads } from "../matching/threads-finder.ts";
import { readTexts } from "../texts/texts.ts";
import { type CheckResult, checkVisit } from "../visit/check-visit.ts";
import { exportCacheOf } from "./export-cache-options.ts";
import {
  type ExportSourceValues,
  exportSettingsOf,
  exportSourceOptions,
  jsonOption,
} from "./options.ts";
import { riskConfigOption, riskModelIn } from "./risk-option.ts";
import { riskInJson, riskInWords } from "./risk-words.ts";
import { createProgress } from "./terminal.ts";
import {
  adapterOption,
  cardOption,
  readCard,
  systemTime,
  type TokenValues,
  withToken,
} from "./token-options.ts";

interface Values extends TokenValues, ExportSourceValues {
  readonly riskConfig?: string;
  readonly json?: true;
}

/** Adds the command. */
export function addSync(program: Command): void {
  const command = program
    .command("sync")
    .description(
      "check a token: read its log, set its clock, match it with the published keys, write the result back",
    )
    .addOption(cardOption())
    .addOption(adapterOption())
    .addOption(riskConfigOption())
    .addOption(jsonOption());
  for (const option of exportSourceOptions()) command.addOption(option);
  command.action(async (options: Values) => {
    const settings = exportSettingsOf(options, command);
    const model = riskModelIn(options.riskConfig ?? settings.riskConfig);
    const texts = readTexts(settings.texts)("en");
    const cache = exportCacheOf(settings);
    const key = await readCard(options);
    // Before the wearer has to hold the button.
    await cache.update(createProgress("Downloading exports", options.json === true));
    const progress = createProgress("Reading the log", options.json === true);
    const result = await withToken(key, options.adapter, (client) =>
      checkVisit(client, keysOf(cache.files()), systemTime, {
        progress,
        model,
        openFinder: inThreads,
      }),
    );
    console.log(options.json ? JSON.stringify(inJson(result)) : inWords(result, texts));
  });
}

function inJson({ before, clockCorrection, warnings, encounters, risk }: CheckResult): object {
  return {
    ...riskInJson(risk),
    encounters,
    state: before.state,
    batteryPercent: before.battery,
    clockCorrectionSeconds: clockCorrection === undefined ? null : Math.round(clockCorrection),
    warnings,
  };
}

function inWords(
  { clockCorrection, warnings, encounters, risk }: CheckResult,
  texts: Texts,
): string {
  return [
    `${encounters} records checked; ${correction(clockCorrection)}.`,
    ...warnings.map(({ message }) => `Note: ${message}`),
    riskInWords(risk, texts),
    "The result is on the token.",
  ].join("\n");
}

function correction(seconds: number | undefined): string {
  if (seconds === undefined) return "the clock was set for the first time";
  const rounded = Math.round(seconds);
  return rounded === 0
    ? "the clock was right"
    : `the clock was ${Math.abs(rounded)} s ${rounded > 0 ? "slow" : "fast"} and was set`;
}
