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
import { DAY } from "../scenarios/days.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { createTruth, type Truth } from "../scenarios/truth.ts";
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
  const scenarioOf = (seed: string): Scenario => makeScenario(recipe.source, recipe.days, seed);
  const watch = busiestDay(truthOf(scenarioOf(seeds[0] as string), recipe.days));
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

/** True contacts of the first days, of which the last may be cut short. */
export function truthOf(scenario: Scenario, days: number): Truth {
  const truth = createTruth();
  const end = days * DAY;
  for (let day = 0; day < days; day++) {
    truth.add(
      scenario
        .day(day)
        .filter(({ from }) => from < end)
        .map((episode) => (episode.to > end ? { ...episode, to: end } : episode)),
    );
  }
  return truth.finish();
}

// The person and day with the most minutes of contact.
function busiestDay({ contacts }: Truth): { person: number; day: number } | undefined {
  const seconds = new Map<string, number>();
  let busiest: { person: number; day: number } | undefined;
  let most = 0;
  for (const contact of contacts) {
    const day = Math.floor(contact.from / DAY);
    for (const person of [contact.a, contact.b]) {
      const key = `${person} ${day}`;
      const sum = (seconds.get(key) ?? 0) + contact.seconds;
      seconds.set(key, sum);
      if (sum > most) {
        most = sum;
        busiest = { person, day };
      }
    }
  }
  return busiest;
}
