/**
 * Runs every schedule of `trials.ts` through the same scenario and seeds.
 *
 * @module
 */
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { findingsOf } from "../run/laboratory-run.ts";
import { type PoolFollower, runBatches } from "../run/pool.ts";
import type { Recipe } from "../run/recipe.ts";
import type { Tried } from "./frontier.ts";
import type { Trial } from "./trials.ts";

const MINUTES = 10;

/**
 * Tries schedules.
 *
 * @returns those for which at least one seed was lived through, which are all unless it was interrupted
 * @throws Failure of the scenario; Error when a thread failed
 */
export async function tune(
  trials: readonly Trial[],
  recipe: Omit<Recipe, "watch" | "firmware">,
  seeds: readonly string[],
  threads: number,
  follower: PoolFollower,
): Promise<Tried[]> {
  const started = performance.now();
  const batches = await Promise.all(
    trials.map(async ({ plan }) => ({
      recipe: { ...recipe, firmware: await buildFirmware(recipe.board, plan) },
      seeds,
    })),
  );
  const outcomes = await runBatches(batches, threads, follower);
  const tried: Tried[] = [];
  for (const [index, runs] of outcomes.entries()) {
    const whole = runs.filter(({ days }) => days === recipe.days);
    if (whole.length === 0) continue;
    const findings = await findingsOf(
      whole,
      (batches[index] as (typeof batches)[number]).recipe,
      seeds.length,
      threads,
      (performance.now() - started) / 1000,
    );
    const recognition = findings.recognition.find(
      ({ atLeastMinutes }) => atLeastMinutes === MINUTES,
    );
    if (!recognition) throw new Error(`No finding of contacts of ${MINUTES} minutes`);
    tried.push({
      trial: trials[index] as Trial,
      recall: recognition.recall,
      precision: recognition.precision,
      draw: findings.energy.total,
    });
  }
  return tried;
}
