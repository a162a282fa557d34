/**
 * `saqbol-sim tune`.
 *
 * @module
 */
import type { Command } from "commander";
import { renderFrontier } from "../report/render-frontier.ts";
import { allTrials } from "../tune/trials.ts";
import { tune } from "../tune/tune.ts";
import { tuningText } from "../tune/tuning-text.ts";
import { atTerminal } from "./at-terminal.ts";
import { seedsFrom, wholeNumber } from "./numbers.ts";
import { type OutputFiles, requireWritable, writeOutputs } from "./output-file.ts";
import { daysOf, type SourceValues, sourceOf, sourceOptions } from "./source.ts";

interface Values extends SourceValues, OutputFiles {
  readonly seeds: number;
}

/** Adds the command. */
export function addTune(program: Command): void {
  sourceOptions(program.command("tune"))
    .description("try other schedules of scanning, and draw what they find against what they cost")
    .option("--seeds <number>", "how many seeds to run each under", wholeNumber(1, 100), 2)
    .option(
      "--json <file>",
      "write what was run, and what each has come to (simulator/tune/tuning.ts)",
    )
    .option("--report <file>", "draw it, as one HTML file")
    .addHelpText(
      "after",
      "\nA bundle is built for each schedule: firmware/scan-plan.ts has the numbers. Ctrl-C ends early, with the schedules that\nwere tried until then; the release is the first. Such a run exits with 130.",
    )
    .action(async (values: Values) => {
      const source = sourceOf(values);
      requireWritable(values);
      const days = daysOf(values, source);
      const tuning = await atTerminal("Trying schedules", (follower) =>
        tune(
          allTrials(),
          { source, days, board: values.board },
          seedsFrom(values.seed, values.seeds),
          values.workers,
          follower,
        ),
      );
      console.log(tuningText(tuning));
      writeOutputs(values, tuning, renderFrontier);
    });
}
