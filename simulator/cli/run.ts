/**
 * `saqbol-sim run`.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { writeWhole } from "../../companion/cli/files.ts";
import { Failure } from "../../companion/failure.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { type BoardName, LAYOUTS } from "../../protocol/flash-layout.ts";
import { findingsText } from "../findings/findings-text.ts";
import { renderReport } from "../report/render-report.ts";
import { laboratoryRun } from "../run/laboratory-run.ts";
import { type Source, traceDays } from "../run/recipe.ts";
import { THRESHOLD_DECIBELS } from "../run/threshold.ts";
import { WORLDS } from "../scenarios/worlds.ts";
import { untilInterrupted } from "./interruption.ts";
import { seedsFrom, wholeNumber } from "./numbers.ts";
import { requireWritable } from "./output-file.ts";
import { ProgressBar } from "./progress-bar.ts";

/** As many as a token keeps. */
export const MOST_DAYS = 14;
/** Days of a made-up world unless told. */
export const WORLD_DAYS = 7;
const MOST_PERSONS = 5000;

/** Values of {@link sourceOptions}. */
export interface SourceValues {
  readonly contacts?: string;
  readonly world?: string;
  readonly persons?: number;
  readonly rooms: "none" | "own" | "shared";
  readonly days?: number;
  readonly board: BoardName;
  readonly seed: string;
  readonly workers: number;
}

interface Values extends SourceValues {
  readonly seeds: number;
  readonly threshold: number;
  readonly json?: string;
  readonly report?: string;
}

/** Options that say what is run, and how. */
export function sourceOptions(command: Command): Command {
  return command
    .option(
      "--contacts <file>",
      "replay a trace of contacts: lines of `t i j`, 20 seconds each; also gzip",
    )
    .addOption(
      new Option("--world <name>", "or make one up")
        .choices(Object.keys(WORLDS))
        .conflicts("contacts"),
    )
    .option("--persons <number>", "how many persons live in it", wholeNumber(2, MOST_PERSONS))
    .addOption(
      new Option(
        "--rooms <kind>",
        "where the persons of a trace are between contacts: out of reach, in rooms of their own, or in shared ones, which is harder",
      )
        .choices(["none", "own", "shared"])
        .conflicts("world")
        .default("none"),
    )
    .option(
      "--days <number>",
      "days to live through (default: all of a trace, up to 14; 7 of a world)",
      wholeNumber(1, MOST_DAYS),
    )
    .addOption(
      new Option("--board <name>", "what everybody wears")
        .choices(Object.keys(LAYOUTS))
        .default("puckjs"),
    )
    .option("--seed <text>", "everything that happens by chance follows from it", "1")
    .option(
      "--workers <number>",
      "threads; the result is the same with any number",
      wholeNumber(1, 64),
      availableParallelism(),
    );
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
      for (const path of [values.json, values.report])
        if (path !== undefined) requireWritable(path);
      const days =
        values.days ??
        (source.kind === "trace" ? Math.min(MOST_DAYS, traceDays(source.path)) : WORLD_DAYS);
      const firmware = await buildFirmware(values.board);
      const bar = new ProgressBar("Living through it");
      const findings = await untilInterrupted("Ending early; once more to end at once.", (signal) =>
        laboratoryRun(
          { source, days, board: values.board, firmware },
          seedsFrom(values.seed, values.seeds),
          values.workers,
          { progress: (done) => bar.show(done), signal },
          values.threshold,
        ).finally(() => bar.end()),
      );
      console.log(findingsText(findings));
      if (values.json)
        writeWhole(values.json, Buffer.from(`${JSON.stringify(findings, null, 1)}\n`));
      if (values.report) writeWhole(values.report, Buffer.from(renderReport(findings)));
    });
}

/** What is to be lived through. @throws Failure `nothing-to-run` */
export function sourceOf({ contacts, world, persons, rooms }: SourceValues): Source {
  if (contacts !== undefined) {
    if (persons !== undefined) {
      throw new Failure(
        "nothing-to-run",
        "A trace has the persons that it has; leave --persons out.",
      );
    }
    return { kind: "trace", path: contacts, rooms };
  }
  if (world === undefined) {
    throw new Failure("nothing-to-run", "Say what to run: --contacts FILE, or --world NAME.");
  }
  return {
    kind: "world",
    name: world,
    persons: persons ?? (WORLDS[world]?.persons as number),
  };
}

function worldsInWords(): string {
  return Object.entries(WORLDS)
    .map(([name, { description }]) => `  ${name.padEnd(18)} ${description}`)
    .join("\n");
}
