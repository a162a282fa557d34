/**
 * Puts the findings of a run together.
 *
 * @module
 */
import { intervalAt } from "../../protocol/intervals.ts";
import type { RunOutcome } from "../run/outcome.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { Truth } from "../scenarios/truth.ts";
import { AttenuationByDistance } from "./attenuation.ts";
import { durationErrors, recallByDistance, recallByDuration } from "./classes.ts";
import { concludeSightings } from "./conclude.ts";
import { type Cell, energyFindings } from "./energy-findings.ts";
import type { Findings } from "./findings.ts";
import { judgeContacts, type SeedRecord } from "./judge.ts";
import { fillByDay, keptShare } from "./kept.ts";
import { minutesOfPairs, timelineOf } from "./pairs.ts";
import { recognise, sweepThresholds } from "./recognition.ts";
import { riskDays } from "./risk-days.ts";
import { warningDelays } from "./warning.ts";

const RECOGNISED_MINUTES = [10, 15];
const DAY_SECONDS = 86_400;

/** One seed's run and what it lived through. */
export interface SeedRun {
  readonly scenario: Scenario;
  readonly outcome: RunOutcome;
}

/** What the findings are made from. */
export interface FindingsInput {
  /** Runs of one scenario, or of ones that differ by seed only; at least one. */
  readonly runs: readonly SeedRun[];
  /** How many seeds were asked for. */
  readonly seedsAsked: number;
  readonly board: string;
  readonly bundleBytes: number;
  /** Up to which mean attenuation a contact counts as one within 2 m, in dB. */
  readonly thresholdDecibels: number;
  /** How many slots the board's log has. */
  readonly slots: number;
  readonly cell: Cell;
  /** How many threads shared the run. */
  readonly workers: number;
  /** How long all of it took, in seconds of real time. */
  readonly wallSeconds: number;
  /** The truth of the scenario's first `days` days. */
  readonly truthOf: (scenario: Scenario, days: number) => Truth;
}

/**
 * Works out the findings. An interrupted run is held against the truth of the days it lived through. Everything is a JSON value: a share, an estimate or
 * a spread for which nothing was counted is 0, and thresholds and classes of attenuation without anything to count are left out.
 *
 * @throws Error when there is no run
 * @throws Failure `kernel-missing` when the companion has not been built
 */
export async function buildFindings(input: FindingsInput): Promise<Findings> {
  const { seedsAsked, thresholdDecibels } = input;
  const runs = tellingRuns(input.runs);
  const first = runs[0];
  if (!first) throw new Error("There is no run to find anything in; run at least one seed.");
  const outcomes = runs.map(({ outcome }) => outcome);
  const seeds: SeedRecord[] = [];
  const attenuation = new AttenuationByDistance();
  for (const { scenario, outcome } of runs) {
    const truth = input.truthOf(scenario, outcome.days);
    const sightings = await concludeSightings(
      outcome.tokens,
      intervalAt(scenario.start + outcome.days * DAY_SECONDS),
    );
    attenuation.add(scenario, outcome.days, sightings);
    seeds.push({ truth, sightings, start: scenario.start });
  }
  const judged = seeds.map((seed) => judgeContacts(seed, thresholdDecibels));
  const all = judged.flat();
  const daysAsked = first.scenario.days;
  const days = Math.min(...outcomes.map((outcome) => outcome.days));
  const timeline = timelineOf(first.outcome.tokens, seeds[0]!.truth);
  return {
    version: 1,
    title: first.scenario.title,
    board: input.board,
    bundleBytes: input.bundleBytes,
    seeds: outcomes.map(({ seed }) => seed),
    persons: first.scenario.persons,
    days,
    daysAsked,
    complete: days >= daysAsked && runs.length >= seedsAsked,
    thresholdDecibels,
    recognition: RECOGNISED_MINUTES.map((minutes) =>
      recognise(seeds, judged, thresholdDecibels, minutes),
    ),
    recallByDuration: recallByDuration(all),
    recallByDistance: recallByDistance(all),
    riskDays: riskDays(seeds),
    thresholds: sweepThresholds(seeds),
    ...durationErrors(all),
    attenuation: attenuation.result(),
    kept: keptShare(
      outcomes,
      runs.map(({ scenario }) => scenario.start),
    ),
    fill: fillByDay(outcomes),
    slots: input.slots,
    warning: warningDelays(
      outcomes.map(({ seed }, index) => ({ seed, judged: judged[index] ?? [] })),
    ),
    energy: energyFindings(outcomes, input.cell),
    pairs: minutesOfPairs(seeds[0]!, thresholdDecibels, first.scenario.persons.length),
    ...(timeline && { timeline }),
    speed: speedOf(outcomes, input),
  };
}

// A seed that was interrupted on its first day says little, unless there is no other.
function tellingRuns(runs: readonly SeedRun[]): readonly SeedRun[] {
  for (const least of [1, 1 / 24]) {
    const lived = runs.filter(({ outcome }) => outcome.days >= least);
    if (lived.length > 0) return lived;
  }
  return runs.slice(0, 1);
}

function speedOf(
  outcomes: readonly RunOutcome[],
  { workers, wallSeconds }: FindingsInput,
): Findings["speed"] {
  const tokenDays = outcomes.reduce((sum, { tokens, days }) => sum + tokens.length * days, 0);
  const tokenDaysPerSecond = wallSeconds > 0 ? tokenDays / wallSeconds : 0;
  return {
    wallSeconds,
    workers,
    tokenDaysPerSecond,
    timesRealTime: tokenDaysPerSecond * DAY_SECONDS,
  };
}
