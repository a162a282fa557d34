/**
 * Runs every schedule of `trials.ts` through the same scenario and seeds.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import type { Findings } from "../findings/findings.ts";
import { findingsOf } from "../run/laboratory-run.ts";
import { type Batch, type PoolFollower, runBatches } from "../run/pool.ts";
import { makeScenario, type Recipe } from "../run/recipe.ts";
import { THRESHOLD_DECIBELS } from "../run/threshold.ts";
import { releaseIn } from "./release.ts";
import { stillnessBound } from "./stillness.ts";
import { RELEASED_PLAN, type Trial } from "./trials.ts";
import { MINUTES, type Tried, type Tuning } from "./tuning.ts";

/** The part of the time that runs take, about; what is left is for working out what came of them. */
const RUNNING = 0.85;

/** What all schedules are run through. */
export type TuningRecipe = Omit<Recipe, "watch" | "firmware">;

/**
 * Tries schedules.
 *
 * What tokens logged under all of them is kept until the end; it is little (150 kB a run of 92 tokens and 11 days).
 *
 * @param trials - the release first
 * @param seeds - at least one
 * @returns what came of those of which all seeds were lived through, which are all unless it was interrupted
 * @throws Failure of the scenario; Error when a thread failed
 */
export async function tune(
  trials: readonly Trial[],
  recipe: TuningRecipe,
  seeds: readonly string[],
  threads: number,
  { progress, signal }: PoolFollower,
): Promise<Tuning> {
  const started = performance.now();
  const { title, persons } = makeScenario(recipe.source, recipe.days, seeds[0] as string);
  progress(0);
  const batches = await Promise.all(
    trials.map(async ({ plan }) => ({
      recipe: { ...recipe, firmware: await buildFirmware(recipe.board, plan) },
      seeds,
    })),
  );
  const outcomes = await runBatches(batches, threads, {
    progress: (done) => progress(RUNNING * done),
    signal,
  });
  const tried: Tried[] = [];
  let contacts = 0;
  for (const [index, trial] of trials.entries()) {
    progress(RUNNING + ((1 - RUNNING) * index) / trials.length);
    // So that an interruption is noticed meanwhile.
    await setImmediate();
    const runs = (outcomes[index] ?? []).filter(({ days }) => days === recipe.days);
    if (runs.length < seeds.length) continue;
    const findings = await findingsOf(
      runs,
      (batches[index] as Batch).recipe,
      seeds.length,
      threads,
      (performance.now() - started) / 1000,
    );
    tried.push(triedOf(trial, findings));
    contacts = recognitionIn(findings).contacts;
  }
  progress(1);
  const release = releaseIn(tried);
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
