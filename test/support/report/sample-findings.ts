/**
 * Findings as a run could have them: an office of departments, 92 persons for 11 days, five seeds.
 *
 * @module
 */
import type { Draw, Findings } from "../../../simulator/findings/findings.ts";
import { createRandom, type Random } from "../../../simulator/random.ts";
import { sampleDay } from "./sample-day.ts";

const PERSONS = 92;
const DAYS = 11;
const DEPARTMENT = 12;
const SEEDS = ["1", "2", "3", "4", "5"];
const SLOTS = 1360;
const THRESHOLD = 63;
const CAPACITY = 220;

/** Makes findings. @param seed - the same gives the same */
export function sampleFindings(seed = "sample"): Findings {
  const random = createRandom(seed);
  const persons = Array.from({ length: PERSONS }, (_, index) => String(100 + 9 * index));
  return {
    version: 1,
    title: "Office, 92 persons, 11 days",
    board: "puckjs",
    bundleBytes: 14_008,
    seeds: SEEDS,
    persons,
    days: DAYS,
    daysAsked: DAYS,
    complete: true,
    thresholdDecibels: THRESHOLD,
    recognition: [
      {
        atLeastMinutes: 10,
        contacts: 1204,
        recall: { mean: 0.992, low: 0.9893, high: 0.9947 },
        precision: { mean: 0.9614, low: 0.9568, high: 0.966 },
        strictRecall: { mean: 0.871, low: 0.862, high: 0.88 },
        strictPrecision: { mean: 0.848, low: 0.838, high: 0.858 },
      },
      {
        atLeastMinutes: 15,
        contacts: 622.4,
        recall: { mean: 0.9971, low: 0.9949, high: 0.9993 },
        precision: { mean: 0.9702, low: 0.965, high: 0.9754 },
        strictRecall: { mean: 0.882, low: 0.871, high: 0.893 },
        strictPrecision: { mean: 0.861, low: 0.85, high: 0.872 },
      },
    ],
    riskDays: {
      exposed: 182.4,
      shown: 424,
      recall: { mean: 0.985, low: 0.979, high: 0.991 },
      precision: { mean: 0.957, low: 0.949, high: 0.965 },
    },
    recallByDuration: [
      { from: 5, to: 10, contacts: 5120, found: 4812 },
      { from: 10, to: 15, contacts: 2908, found: 2868 },
      { from: 15, to: 20, contacts: 1310, found: 1303 },
      { from: 20, to: 30, contacts: 1022, found: 1019 },
      { from: 30, to: 60, contacts: 610, found: 610 },
      { from: 60, to: 1440, contacts: 170, found: 170 },
    ],
    recallByDistance: [
      { from: 0, to: 0.5, contacts: 402, found: 402 },
      { from: 0.5, to: 1, contacts: 2216, found: 2214 },
      { from: 1, to: 1.5, contacts: 2390, found: 2374 },
      { from: 1.5, to: 2, contacts: 1012, found: 980 },
    ],
    thresholds: thresholds(),
    durationError: { low: -3.1, median: -0.4, high: 2.2 },
    durationErrors: durationErrors(),
    attenuation: attenuation(),
    kept: { mean: 0.999, low: 0.998, high: 1 },
    fill: Array.from({ length: DAYS }, (_, day) => {
      const worked = day + 1 - 2 * Math.floor((day + 2) / 7);
      return { day, low: 22 * worked, median: 48 * worked, high: 96 * worked };
    }),
    slots: SLOTS,
    warning: [
      { habit: "every day", warned: 0.998, low: 0.1, median: 0.5, high: 0.9 },
      { habit: "every third day", warned: 0.991, low: 0.3, median: 1.5, high: 2.7 },
      { habit: "once a week", warned: 0.94, low: 0.7, median: 3.5, high: 6.3 },
      { habit: "once a fortnight", warned: 0.71, low: 1.2, median: 6.1, high: 11.8 },
    ],
    energy: energy(random.fork("energy")),
    pairs: pairs(random.fork("pairs")),
    timeline: sampleDay(random.fork("day")),
    speed: { wallSeconds: 212.4, workers: 2, tokenDaysPerSecond: 23.8, timesRealTime: 2_058_624 },
  };
}

function thresholds(): Findings["thresholds"] {
  return Array.from({ length: 13 }, (_, index) => {
    const decibels = THRESHOLD - 12 + 2 * index;
    const sigmoid = (middle: number, steepness: number): number =>
      1 / (1 + Math.exp((middle - decibels) / steepness));
    return { decibels, recall: sigmoid(52, 2.3), precision: 1 - 0.4 * sigmoid(73, 4.2) };
  });
}

function durationErrors(): Findings["durationErrors"] {
  return Array.from({ length: 25 }, (_, index) => {
    const minutes = index - 12;
    return { minutes, contacts: Math.round(1180 * Math.exp(-(((minutes + 0.4) / 2.4) ** 2) / 2)) };
  });
}

function attenuation(): Findings["attenuation"] {
  return Array.from({ length: 20 }, (_, index) => {
    const metres = 0.25 + index / 2;
    const median = 55 + 20 * Math.log10(metres);
    return {
      metres,
      count: Math.round(42_000 / (1 + metres)),
      low: median - 7.2,
      median,
      high: median + 8.4,
    };
  });
}

function energy(random: Random): Findings["energy"] {
  const of = (mean: number) => ({ mean, low: mean * 0.99, high: mean * 1.01 });
  const wearers = Array.from(
    { length: SEEDS.length * PERSONS },
    () => 1.117 + 0.05 * random.normal(),
  );
  const published: Draw = {
    causes: {
      advertising: of(0.58),
      scanning: of(0.31),
      cpu: of(0.088),
      flash: of(0.011),
      signals: of(0.004),
      sync: of(0.003),
      sleep: of(0.121),
    },
    total: of(1.117),
  };
  const chip: Draw = {
    causes: {
      ...published.causes,
      advertising: of(0.71),
      scanning: of(0.17),
      sleep: of(0.053),
    },
    total: of(1.039),
  };
  return {
    ...published,
    account: "published",
    accounts: { published, chip },
    wearers,
    cell: "CR2032",
    capacity: CAPACITY,
    days: wearers.map((each) => CAPACITY / each),
    lasts: { low: 186, median: 197, high: 209 },
  };
}

function pairs(random: Random): Findings["pairs"] {
  const all: Findings["pairs"][number][] = [];
  for (let a = 0; a < PERSONS; a++) {
    for (let b = a + 1; b < PERSONS; b++) {
      const isNear = (a * 7) % DEPARTMENT === (b * 7) % DEPARTMENT;
      if (random.uniform() > (isNear ? 0.85 : 0.12)) continue;
      const truth = Math.exp(random.normal() * 1.3 + (isNear ? 4 : 1.4));
      const concluded = Math.max(0, truth * (1 + 0.12 * random.normal()) - 1);
      all.push({ a, b, truth, concluded });
    }
  }
  return all;
}
