/**
 * What is to be lived through, as `saqbol-sim run` and `saqbol-sim tune` are told it.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { Failure } from "../../companion/failure.ts";
import { type BoardName, LAYOUTS } from "../../protocol/flash-layout.ts";
import { type Source, traceDays } from "../run/recipe.ts";
import { WORLDS } from "../scenarios/worlds.ts";
import { wholeNumber } from "./numbers.ts";

/** As many as a token keeps. */
const MOST_DAYS = 14;
/** Days of a made-up world unless told. */
const WORLD_DAYS = 7;
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
      `days to live through (default: all of a trace, up to ${MOST_DAYS}; ${WORLD_DAYS} of a world)`,
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

/** For how many days. @throws Failure when the trace cannot be read */
export function daysOf({ days }: SourceValues, source: Source): number {
  if (days !== undefined) return days;
  return source.kind === "trace" ? Math.min(MOST_DAYS, traceDays(source.path)) : WORLD_DAYS;
}
