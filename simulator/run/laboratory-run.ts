/**
 * A whole run: seeds in threads, then what they say.
 *
 * @module
 */
import { LAYOUTS } from "../../protocol/flash-layout.ts";
import { batteryDays } from "../energy/battery.ts";
import { BOARD_POWER } from "../energy/boards.ts";
import { buildFindings } from "../findings/build-findings.ts";
import type { Findings } from "../findings/findings.ts";
import { truthOf } from "../scenarios/truth.ts";
import { busiestDay } from "./busiest-day.ts";
import { logSlots } from "./flash-log.ts";
import type { RunOutcome } from "./outcome.ts";
import { type PoolFollower, runBatches } from "./pool.ts";
import { makeScenario, type Recipe } from "./recipe.ts";
import { THRESHOLD_DECIBELS } from "./threshold.ts";

/**
 * Runs a recipe under several seeds.
 *
 * @throws Failure `trace-unreadable` and others of the scenario; Error when a thread failed, or when nothing was lived through
 */
export async function laboratoryRun(
  recipe: Omit<Recipe, "watch">,
  seeds: readonly string[],
  threads: number,
  follower: PoolFollower,
  thresholdDecibels = THRESHOLD_DECIBELS,
): Promise<Findings> {
  const started = performance.now();
  const scenario = makeScenario(recipe.source, recipe.days, seeds[0] as string);
  const watch = busiestDay(truthOf(scenario, recipe.days));
  const [outcomes = []] = await runBatches(
    [{ recipe: { ...recipe, ...(watch && { watch }) }, seeds }],
    threads,
    follower,
  );
  const wallSeconds = (performance.now() - started) / 1000;
  return findingsOf(outcomes, recipe, seeds.length, threads, wallSeconds, thresholdDecibels);
}

/** What the outcomes of a recipe say. @param wallSeconds - how long all of it took */
export function findingsOf(
  outcomes: readonly RunOutcome[],
  { source, days, board, firmware }: Omit<Recipe, "watch">,
  seedsAsked: number,
  workers: number,
  wallSeconds: number,
  thresholdDecibels = THRESHOLD_DECIBELS,
): Promise<Findings> {
  return buildFindings({
    runs: outcomes.map((outcome) => ({
      scenario: makeScenario(source, days, outcome.seed),
      outcome,
    })),
    seedsAsked,
    board,
    bundleBytes: firmware.length,
    thresholdDecibels,
    slots: logSlots(LAYOUTS[board]),
    cell: {
      name: BOARD_POWER[board].cell,
      capacity: BOARD_POWER[board].battery,
      days: (mAhPerDay) => batteryDays(mAhPerDay, board),
    },
    workers,
    wallSeconds,
    truthOf,
  });
}
