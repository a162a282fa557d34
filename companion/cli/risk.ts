/**
 * `saqbol risk`.
 *
 * @module
 */
import { type Command, InvalidArgumentError } from "commander";
import type { Texts } from "../desk/desk-api.ts";
import { dateOfDay } from "../risk/date-of-day.ts";
import {
  type Difference,
  differences,
  type Expectations,
  type ExposureCase,
  outcomeOf,
  parseExposureCases,
} from "../risk/exposure-cases.ts";
import type { DayFindings, Risk, RiskModel } from "../risk/risk.ts";
import { riskModelOf } from "../risk/risk-configuration.ts";
import { readTexts } from "../texts/texts.ts";
import { readInput } from "./files.ts";
import { jsonOption } from "./options.ts";
import { riskModelIn } from "./risk-option.ts";
import { riskInJson, riskInWords } from "./risk-words.ts";

const SECONDS_PER_DAY = 86_400;

interface Values {
  readonly windows: string;
  readonly config?: string;
  readonly today?: number;
  readonly details?: true;
  readonly json?: true;
}

interface Assessed {
  readonly description: string | undefined;
  readonly risk: Risk;
  readonly days: ReadonlyMap<number, DayFindings>;
  readonly found: Expectations;
  /** Undefined when nothing was expected. */
  readonly differences: readonly Difference[] | undefined;
}

/** Adds the command. */
export function addRisk(program: Command): void {
  program
    .command("risk")
    .description("assess exposure windows with a model of risk (for developers and authorities)")
    .requiredOption("--windows <file>", "exposure windows, JSON; see below")
    .option(
      "--config <file>",
      "configuration of the model, JSON; see docs/risk.md (default: that of the windows' file, or else the Corona-Warn-App's, as in Kazakhstan)",
    )
    .option("--today <date>", "the day of the check, UTC, YYYY-MM-DD (default: today)", parseDay)
    .option(
      "--details",
      "also print what the model has found, by the names of the published cases and for each day; no wearer is told of it",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The windows are those of the Corona-Warn-App's test cases: ageInDays (or date), reportType 1-4, infectiousness 0-2,
calibrationConfidence 0-3, and scanInstances of minAttenuation, typicalAttenuation and secondsSinceLastScan. The file is a
list of windows, one case ({"exposureWindows": […]}), or many ({"testCases": […]}). Where a case has fields that begin with
exp…, it says whether they hold, and ends with exit code 1 if one does not.`,
    )
    .action((options: Values) => {
      const today = options.today ?? Math.floor(Date.now() / 1000 / SECONDS_PER_DAY);
      const what = `The file ${options.windows}`;
      const file = parseExposureCases(readInput(options.windows), what, today);
      const model =
        options.config === undefined && file.configuration !== undefined
          ? riskModelOf(file.configuration, `The configuration in ${options.windows}`)
          : riskModelIn(options.config);
      const assessed = file.cases.map((each) => assess(each, model, today));
      const details = options.details === true;
      if (options.json) {
        const json = assessed.map((each) => caseInJson(each, details));
        console.log(JSON.stringify(file.isList ? { cases: json } : json[0]));
      } else {
        const texts = readTexts()("en");
        for (const each of assessed) console.log(caseInWords(each, details, texts));
        if (file.isList) console.log(summary(assessed));
      }
      if (assessed.some((each) => each.differences?.length)) process.exitCode = 1;
    });
}

function assess(each: ExposureCase, model: RiskModel, today: number): Assessed {
  const { description, windows, expected } = each;
  const found = outcomeOf(windows, model, today);
  return {
    description,
    risk: model.assess(windows, today),
    days: model.examine(windows, today),
    found,
    differences: Object.keys(expected).length ? differences(expected, found) : undefined,
  };
}

function caseInJson(assessed: Assessed, details: boolean) {
  const { description, risk, differences } = assessed;
  return {
    description,
    ...riskInJson(risk),
    ...(differences && { holds: differences.length === 0, differences }),
    ...(details && { details: detailsOf(assessed) }),
  };
}

// The terms of the published cases, but not as expectations.
function detailsOf({ found, days }: Assessed): object {
  const terms = Object.entries(found).map(([field, value]) => [
    field.replace(/^exp./, (start) => start.slice(3).toLowerCase()),
    value,
  ]);
  return {
    ...Object.fromEntries(terms),
    days: [...days].map(([day, found]) => ({ date: dateOfDay(day), ...found })),
  };
}

function caseInWords(assessed: Assessed, details: boolean, texts: Texts): string {
  const { description, risk, differences } = assessed;
  const lines: string[] = [];
  if (differences) {
    const holds = differences.length ? "does not hold" : "holds";
    lines.push(description === undefined ? `The case ${holds}.` : `${holds}: ${description}`);
    for (const { field, expected, actual } of differences) {
      const is = actual === undefined ? "is not found by this model" : `is ${actual}`;
      lines.push(`  ${field} ${is}, expected ${expected}`);
    }
  } else {
    if (description !== undefined) lines.push(`${description}:`);
    lines.push(riskInWords(risk, texts));
  }
  if (details) lines.push(JSON.stringify(detailsOf(assessed), undefined, 2));
  return lines.join("\n");
}

function summary(assessed: readonly Assessed[]): string {
  const checked = assessed.filter(({ differences }) => differences);
  const held = checked.filter(({ differences }) => differences?.length === 0);
  return `${held.length} of ${checked.length} cases with expectations hold.`;
}

function parseDay(text: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError("It must be like 2026-05-11.");
  return milliseconds / 1000 / SECONDS_PER_DAY;
}
