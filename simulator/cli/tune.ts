/**
 * `saqbol-sim tune`.
 *
 * @module
 */
import type { Command } from "commander";
import { writeWhole } from "../../companion/cli/files.ts";
import { renderFrontier } from "../report/render-frontier.ts";
import { traceDays } from "../run/recipe.ts";
import { allTrials } from "../tune/trials.ts";
import { tune } from "../tune/tune.ts";
import { tuningText } from "../tune/tuning-text.ts";
import { untilInterrupted } from "./interruption.ts";
import { seedsFrom, wholeNumber } from "./numbers.ts";
import { ProgressBar } from "./progress-bar.ts";
import { MOST_DAYS, type SourceValues, sourceOf, sourceOptions, WORLD_DAYS } from "./run.ts";

interface Values extends SourceValues {
  readonly seeds: number;
  readonly json?: string;
  readonly report?: string;
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
      const days =
        values.days ??
        (source.kind === "trace" ? Math.min(MOST_DAYS, traceDays(source.path)) : WORLD_DAYS);
      const bar = new ProgressBar("Trying schedules");
      const tuning = await untilInterrupted("Ending early; once more to end at once.", (signal) =>
        tune(
          allTrials(),
          { source, days, board: values.board },
          seedsFrom(values.seed, values.seeds),
          values.workers,
          { progress: (done) => bar.show(done), signal },
        ).finally(() => bar.end()),
      );
      console.log(tuningText(tuning));
      if (values.json) writeWhole(values.json, Buffer.from(`${JSON.stringify(tuning, null, 1)}\n`));
      if (values.report) writeWhole(values.report, Buffer.from(renderFrontier(tuning)));
    });
}
