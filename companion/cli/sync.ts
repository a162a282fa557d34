/**
 * `saqbol sync`.
 *
 * @module
 */
import type { Command } from "commander";
import { exportsNotConnected } from "../desk/current-exports.ts";
import type { CheckView, StatusView, Texts } from "../desk/desk-api.ts";
import { dayOfDate } from "../risk/date-of-day.ts";
import type { Risk } from "../risk/risk.ts";
import { atDesk } from "./command-desk.ts";
import { partsOf } from "./desk-of.ts";
import {
  type ExportSourceValues,
  exportSettingsOf,
  exportSourceOptions,
  jsonOption,
} from "./options.ts";
import { riskConfigOption } from "./risk-option.ts";
import { riskInJson, riskInWords } from "./risk-words.ts";
import { createProgress } from "./terminal.ts";
import { adapterOption, cardOption, readCard, type TokenValues } from "./token-options.ts";

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
    const parts = partsOf(options.adapter, {
      ...settings,
      riskConfig: options.riskConfig ?? settings.riskConfig,
    });
    if (!parts.exports) throw exportsNotConnected();
    const card = await readCard(options);
    const isQuiet = options.json === true;
    // Before the wearer has to hold the button.
    await parts.exports.update(createProgress("Downloading exports", isQuiet));
    const [before, check] = await atDesk(
      parts,
      isQuiet,
      async (desk) => [await desk.begin({ card }), await desk.check({})] as const,
    );
    console.log(
      options.json ? JSON.stringify(inJson(before, check)) : inWords(check, parts.texts("en")),
    );
  });
}

function inJson({ state, batteryPercent }: StatusView, check: CheckView): object {
  const { encounters, clockCorrectionSeconds, warnings, warningSentences } = check;
  return {
    ...riskInJson(riskOf(check)),
    encounters,
    state,
    batteryPercent,
    clockCorrectionSeconds,
    warnings: warnings.map((code, index) => ({ code, message: warningSentences[index] })),
  };
}

function inWords(check: CheckView, texts: Texts): string {
  return [
    `${check.encounters} records checked; ${correction(check.clockCorrectionSeconds)}.`,
    ...check.warningSentences.map((message) => `Note: ${message}`),
    riskInWords(riskOf(check), texts),
    "The result is on the token.",
  ].join("\n");
}

function riskOf({ level, days }: CheckView): Risk {
  return { level, days: days.map(({ date, ...day }) => ({ ...day, day: dayOfDate(date) })) };
}

function correction(seconds: number | null): string {
  if (seconds === null) return "the clock was set for the first time";
  return seconds === 0
    ? "the clock was right"
    : `the clock was ${Math.abs(seconds)} s ${seconds > 0 ? "slow" : "fast"} and was set`;
}
