/**
 * What a run consists of, as plain data that goes to worker threads.
 *
 * @module
 */
import type { BoardName } from "../../protocol/flash-layout.ts";
import { readTrace } from "../scenarios/contact-trace.ts";
import { replayTrace } from "../scenarios/replay.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { WORLDS } from "../scenarios/worlds.ts";
import type { PersonDay } from "./busiest-day.ts";

/** Where the contacts come from. */
export type Source =
  | { readonly kind: "trace"; readonly path: string; readonly rooms: "none" | "own" | "shared" }
  | { readonly kind: "world"; readonly name: string; readonly persons: number };

/** A run, but for its seed. */
export interface Recipe {
  readonly source: Source;
  readonly days: number;
  readonly board: BoardName;
  /** The bundle, one byte for each character. */
  readonly firmware: string;
  /** One token's day to record in detail. */
  readonly watch?: PersonDay;
}

/** A worker's share of the tokens: every `of`-th one, from `index` on. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

/** Days of a trace. @throws Failure when it cannot be read */
export function traceDays(path: string): number {
  return readTrace(path).days;
}

/** Makes the scenario of a seed. @throws Failure when the trace cannot be read, or the world is too small */
export function makeScenario(source: Source, days: number, seed: string): Scenario {
  if (source.kind === "trace") {
    return replayTrace(readTrace(source.path), { days, seed, rooms: source.rooms });
  }
  const world = WORLDS[source.name];
  if (!world) throw new Error(`There is no world ${source.name}`);
  return world.make({ persons: source.persons, days, seed });
}
