/**
 * `saqbol-sim run`.
 *
 * @module
 */
import type { Command } from "commander";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { findingsText } from "../findings/findings-text.ts";
import { renderReport } from "../report/render-report.ts";
import { laboratoryRun } from "../run/laboratory-run.ts";
import { THRESHOLD_DECIBELS } from "../run/threshold.ts";
import { WORLDS } from "../scenarios/worlds.ts";
import { atTerminal } from "./at-terminal.ts";
import { seedsFrom, wholeNumber } from "./numbers.ts";
import { type OutputFiles, requireWritable, writeOutputs } from "./output-file.ts";
import { daysOf, type SourceValues, sourceOf, sourceOptions } from "./source.ts";

interface Values extends SourceValues, OutputFiles {
  readonly seeds: number;
  readonly threshold: number;
}

/** Adds the command. */
export function addRun(program: Command): void {
  sourceOptions(program.command("run"))
    .description(
      "let everybody wear a token with the release bundle, and tell what was found and what it cost",
    )
    .option("--seeds <number>", "how many seeds to run, for the intervals", wholeNumber(1, 100), 8)
    .option(
      "--threshold <dB>",
      "up to which mean attenuation a contact counts as one within 2 m",
      wholeNumber(40, 100),
      THRESHOLD_DECIBELS,
    )
    .option("--json <file>", "write all findings")
    .option("--report <file>", "draw them, as one HTML file")
    .addHelpText(
      "after",
      `\nWorlds:\n${worldsInWords()}\n\nCtrl-C ends early; what was lived through until then is told and written. Such a\nrun exits with 130.`,
    )
    .action(async (values: Values) => {
      const source = sourceOf(values);
      requireWritable(values);
      const days = daysOf(values, source);
      const firmware = await buildFirmware(values.board);
      const findings = await atTerminal("Living through it", (follower) =>
        laboratoryRun(
          { source, days, board: values.board, firmware },
          seedsFrom(values.seed, values.seeds),
          values.workers,
          follower,
          values.threshold,
        ),
      );
      console.log(findingsText(findings));
      writeOutputs(values, findings, renderReport);
    });
}

function worldsInWords(): string {
  return Object.entries(WORLDS)
    .map(([name, { description }]) => `  ${name.padEnd(18)} ${description}`)
    .join("\n");
}
