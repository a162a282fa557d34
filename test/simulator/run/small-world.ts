import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { buildFirmware } from "../../../firmware/build/bundle.ts";
import type { RunOutcome } from "../../../simulator/run/outcome.ts";
import { makeScenario, type Recipe, type Share } from "../../../simulator/run/recipe.ts";
import { runScenario } from "../../../simulator/run/run-scenario.ts";
import { DAY, HOUR, MINUTE } from "../../../simulator/scenarios/days.ts";

const directory = mkdtempSync(join(tmpdir(), "saqbol-run-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

export { DAY, HOUR, MINUTE };

/** Writes a file that is gone after the tests. @returns its path */
export function writeSample(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** Lines of a trace: two meet between two times, in seconds. */
export function meeting(i: number, j: number, from: number, to: number): string {
  let lines = "";
  for (let t = from + 20; t <= to; t += 20) lines += `${t} ${i} ${j}\n`;
  return lines;
}

/**
 * Lines of a trace with an even number of persons: on each day pairs meet for a quarter of an hour at eight, others for half an hour at
 * nine, when the last one meets the first, and the first three are together at midnight.
 */
export function smallTrace(persons: number, days = 1): string {
  let lines = "";
  for (let day = 0; day < days; day++) {
    const at = (hours: number): number => day * DAY + hours * HOUR;
    for (let i = 1; i <= persons; i += 2) lines += meeting(i, i + 1, at(8), at(8.25));
    for (let i = 2; i <= persons; i += 2) {
      lines += meeting(i, (i % persons) + 1, at(9), at(9.5));
    }
    for (const [i, j] of [
      [1, 2],
      [2, 3],
      [1, 3],
    ] as const) {
      lines += meeting(i, j, at(23.75), at(day + 1 < days ? 24.25 : 24));
    }
  }
  return lines;
}

/** A recipe for a trace in a file. */
export async function recipeOf(path: string, days = 1): Promise<Recipe> {
  const firmware = await buildFirmware("puckjs");
  return { source: { kind: "trace", path, rooms: "none" }, days, board: "puckjs", firmware };
}

/** Lives through a share of a recipe, in this thread. */
export function runShare(
  recipe: Recipe,
  seed: string,
  share: Share = { index: 0, of: 1 },
  hours = 24 * recipe.days,
): Promise<RunOutcome> {
  const scenario = makeScenario(recipe.source, recipe.days, seed);
  return runScenario(scenario, recipe, seed, share, {
    progress: () => {},
    goesOn: (lived) => lived < hours,
  });
}
