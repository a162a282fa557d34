/**
 * What the risk model of a desk shows of the days that two spent near each other.
 *
 * A day is one wearer's UTC day with one other person: one published key is of one such day, so this is just what it can show. It is published
 * after a positive test and without a day of symptoms; with one, the days around it would weigh more. Each day is judged by itself, as if
 * nobody else had published: what several persons add up to on a day is not looked at, nor how old a day may grow.
 *
 * @module
 */
import type { Match } from "../../companion/matching/match-log.ts";
import { exposureWindows } from "../../companion/risk/exposure-windows.ts";
import type { RiskModel } from "../../companion/risk/risk.ts";
import { DEFAULT_RISK_MODEL } from "../../companion/risk/risk-configuration.ts";
import { dayOf } from "../../protocol/intervals.ts";
import { DAY } from "../scenarios/days.ts";
import type { Sighting, Sightings } from "./conclude.ts";
import { estimate, estimateShare } from "./estimate.ts";
import type { Findings } from "./findings.ts";
import type { SeedRecord } from "./judge.ts";

/** A day with so many minutes within 2 m is one of exposure: what health authorities usually ask of a day's contact. */
export const EXPOSED_MINUTES = 15;
/**
 * A day that is shown is right with so many minutes within 2 m: as many as the shortest contact that enters any finding. Between
 * the two a model may decide either way. It is a number of its own, and not a part of what the model asks for, so that models compare.
 */
export const RIGHT_MINUTES = 5;

const CONFIRMED_TEST = 1;
/** More than there are persons, and days since 1970. */
const PERSONS = 2 ** 15;
const DAYS = 2 ** 16;

/** A wearer's day with one other person, as one number. */
type PairDay = number;

/** Shares over seeds of the days that the model calls high, which is the level that a token signals to its wearer. */
export function riskDays(
  seeds: readonly SeedRecord[],
  model: RiskModel = DEFAULT_RISK_MODEL,
): Findings["riskDays"] {
  const judged = seeds.map((seed) => {
    const exposed = exposedDays(seed);
    const shown = shownDays(seed.sightings, model);
    return {
      exposed: exposed.length,
      exposedShown: exposed.filter((day) => shown.has(day)).length,
      shown: shown.size,
      right: [...shown].filter((day) => minutesNear(seed, day) >= RIGHT_MINUTES).length,
    };
  });
  return {
    exposed: estimate(judged.map(({ exposed }) => exposed)).mean,
    shown: estimate(judged.map(({ shown }) => shown)).mean,
    recall: estimateShare(
      judged.map(({ exposedShown, exposed }) => ({ part: exposedShown, whole: exposed })),
    ),
    precision: estimateShare(judged.map(({ right, shown }) => ({ part: right, whole: shown }))),
  };
}

// From both sides. Whoever is near for so long has contacts of a minute on that day, which are those that the truth lists.
function exposedDays(seed: SeedRecord): PairDay[] {
  const met = new Set<PairDay>();
  for (const { a, b, from, to } of seed.truth.contacts) {
    const last = Math.ceil((seed.start + to) / DAY) - 1;
    for (let day = Math.floor((seed.start + from) / DAY); day <= last; day++) {
      met.add(pairDay(a, b, day));
    }
  }
  return [...met]
    .filter((each) => minutesNear(seed, each) >= EXPOSED_MINUTES)
    .flatMap((each) => {
      const { wearer, other, day } = partsOf(each);
      return [each, pairDay(other, wearer, day)];
    });
}

function shownDays(sightings: Sightings, model: RiskModel): Set<PairDay> {
  const shown = new Set<PairDay>();
  for (const [wearer, others] of sightings) {
    for (const [other, all] of others) {
      for (const [day, ofDay] of byDay(all)) {
        const windows = exposureWindows(ofDay.map(matchOf), model.keys);
        if (model.assess(windows, day).level === "high") shown.add(pairDay(wearer, other, day));
      }
    }
  }
  return shown;
}

function byDay(sightings: readonly Sighting[]): Map<number, Sighting[]> {
  const days = new Map<number, Sighting[]>();
  for (const sighting of sightings) {
    const day = dayOf(sighting.interval);
    const ofDay = days.get(day);
    if (ofDay) ofDay.push(sighting);
    else days.set(day, [sighting]);
  }
  return days;
}

// As matching has it when this one key was published.
function matchOf({ interval, minutes, meanAttenuation, bestAttenuation }: Sighting): Match {
  return {
    group: 0,
    interval,
    minutes,
    typicalAttenuation: meanAttenuation,
    minAttenuation: bestAttenuation,
    // Only what is counted of encounters, which no wearer is told of, depends on it.
    calibrationConfidence: 0,
    reportType: CONFIRMED_TEST,
    daysSinceOnsetOfSymptoms: undefined,
  };
}

function minutesNear({ truth, start }: SeedRecord, pair: PairDay): number {
  const { wearer, other, day } = partsOf(pair);
  const from = day * DAY - start;
  return truth.secondsWithin(wearer, other, from, from + DAY) / 60;
}

function pairDay(wearer: number, other: number, day: number): PairDay {
  return (wearer * PERSONS + other) * DAYS + day;
}

function partsOf(pair: PairDay): { wearer: number; other: number; day: number } {
  const both = Math.floor(pair / DAYS);
  return { wearer: Math.floor(both / PERSONS), other: both % PERSONS, day: pair % DAYS };
}
