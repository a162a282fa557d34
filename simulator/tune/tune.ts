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

/**
 * Tries schedules, one after another: what tokens logged under one is let go before the next is run.
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
  for (const [index, trial] of trials.entries()) {
    const follower = {
      progress: (done: number) => progress((index + done) / trials.length),
      signal,
    };
    const findings = await runTrial(trial, recipe, seeds, threads, follower);
    if (!findings) break;
    tried.push(triedOf(trial, findings));
    contacts = recognitionIn(findings).contacts;
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

// Nothing when it was interrupted before all days of all seeds were lived through.
async function runTrial(
  { plan }: Trial,
  recipe: TuningRecipe,
  seeds: readonly string[],
  threads: number,
  follower: PoolFollower,
): Promise<Findings | undefined> {
  if (follower.signal.aborted) return undefined;
  const started = performance.now();
  const firmware = await buildFirmware(recipe.board, plan);
  const whole = { ...recipe, firmware };
  const [outcomes = []] = await runBatches([{ recipe: whole, seeds }], threads, follower);
  if (outcomes.length < seeds.length || outcomes.some(({ days }) => days < recipe.days)) {
    return undefined;
  }
  const seconds = (performance.now() - started) / 1000;
  return findingsOf(outcomes, whole, seeds.length, threads, seconds);
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
