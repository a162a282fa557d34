/**
 * Runs every schedule of `trials.ts` through the same scenario and seeds.
 *
 * @module
 */
import { buildFirmware } from "../../firmware/build/bundle.ts";
import type { Findings } from "../findings/findings.ts";
import { findingsOf } from "../run/laboratory-run.ts";
import { type PoolFollower, runBatches } from "../run/pool.ts";
import { makeScenario, type Recipe } from "../run/recipe.ts";
import { THRESHOLD_DECIBELS } from "../run/threshold.ts";
import { stillnessBound } from "./stillness.ts";
import { RELEASED_PLAN, type Trial } from "./trials.ts";
import { MINUTES, type Tried, type Tuning } from "./tuning.ts";

/** What all schedules are run through. */
export type TuningRecipe = Omit<Recipe, "watch" | "firmware">;

/** Runs that each thread gets before what came of them is looked at: more would only be kept, and with fewer, threads would often wait. */
const RUNS_AT_ONCE = 4;

/**
 * Tries schedules, some at a time: what their tokens logged is let go before others are run.
 *
 * @param trials - the release first
 * @param seeds - at least one
 * @returns what came of those that were run to their end, which are all unless it was interrupted
 * @throws Failure of the scenario; Error when a thread failed
 */
export async function tune(
  trials: readonly Trial[],
  recipe: TuningRecipe,
  seeds: readonly string[],
  threads: number,
  { progress, signal }: PoolFollower,
): Promise<Tuning> {
  const { title, persons } = makeScenario(recipe.source, recipe.days, seeds[0] as string);
  const tried: Tried[] = [];
  let contacts = 0;
  const atOnce = Math.ceil((RUNS_AT_ONCE * threads) / seeds.length);
  for (let first = 0; first < trials.length && !signal.aborted; first += atOnce) {
    const some = trials.slice(first, first + atOnce);
    const all = await runTrials(some, recipe, seeds, threads, {
      progress: (done) => progress((first + done * some.length) / trials.length),
      signal,
    });
    for (const [trial, findings] of all) {
      tried.push(triedOf(trial, findings));
      contacts = recognitionIn(findings).contacts;
    }
  }
  const release = tried.find(({ trial }) => trial.family === "release");
  const stillness = release && stillnessBound(release, recipe.board);
  return {
    version: 1,
    title,
    persons: persons.length,
    days: recipe.days,
    board: recipe.board,
    seeds,
    contacts,
    thresholdDecibels: THRESHOLD_DECIBELS,
    schedules: trials.length,
    released: RELEASED_PLAN,
    tried,
    ...(stillness && { stillness }),
  };
}

// Without those that were interrupted before all days of all seeds were lived through.
async function runTrials(
  trials: readonly Trial[],
  recipe: TuningRecipe,
  seeds: readonly string[],
  threads: number,
  follower: PoolFollower,
): Promise<[Trial, Findings][]> {
  const started = performance.now();
  const recipes = await Promise.all(
    trials.map(async ({ plan }) => ({
      ...recipe,
      firmware: await buildFirmware(recipe.board, plan),
    })),
  );
  const batches = recipes.map((each) => ({ recipe: each, seeds }));
  const outcomes = await runBatches(batches, threads, follower);
  const seconds = (performance.now() - started) / 1000;
  const found: [Trial, Findings][] = [];
  for (const [index, trial] of trials.entries()) {
    const runs = (outcomes[index] ?? []).filter(({ days }) => days === recipe.days);
    if (runs.length < seeds.length) continue;
    const whole = recipes[index] as Recipe;
    found.push([trial, await findingsOf(runs, whole, seeds.length, threads, seconds)]);
  }
  return found;
}

function triedOf(trial: Trial, findings: Findings): Tried {
  const { recall, precision } = recognitionIn(findings);
  const { total, causes } = findings.energy;
  return { trial, recall, precision, draw: total, scanning: causes.scanning, cpu: causes.cpu };
}

function recognitionIn({ recognition }: Findings): Findings["recognition"][number] {
  const found = recognition.find(({ atLeastMinutes }) => atLeastMinutes === MINUTES);
  if (!found) throw new Error(`No finding of contacts of ${MINUTES} minutes`);
  return found;
}
