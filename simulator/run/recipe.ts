/**
 * What a run consists of, as plain data that goes to worker threads.
 *
 * @module
 */
import type { BoardName } from "../../protocol/flash-layout.ts";
import { readTrace } from "../scenarios/contact-trace.ts";
import { replayTrace } from "../scenarios/replay.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { WORLDS, type WorldName } from "../scenarios/worlds.ts";

/** Where the contacts come from. */
export type Source =
  | { readonly kind: "trace"; readonly path: string; readonly rooms: "own" | "shared" }
  | { readonly kind: "world"; readonly name: WorldName; readonly persons: number };

/** A run, but for its seed. */
export interface Recipe {
  readonly source: Source;
  readonly days: number;
  readonly board: BoardName;
  /** The bundle, one byte for each character. */
  readonly firmware: string;
  /** One token's day to record in detail. */
  readonly watch?: { readonly person: number; readonly day: number };
}

/** A worker's share of the tokens: every `of`-th one, from `index` on. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

/** Makes the scenario of a seed. @throws Error when the trace cannot be read */
export function makeScenario(source: Source, days: number, seed: string): Scenario {
  return source.kind === "trace"
    ? replayTrace(readTrace(source.path), { days, seed, rooms: source.rooms })
    : WORLDS[source.name].make({ persons: source.persons, days, seed });
}
