import { expect, test } from "vitest";
import type { Estimate } from "../../../simulator/findings/findings.ts";
import { createRandom } from "../../../simulator/random.ts";
import { laboratoryRun } from "../../../simulator/run/laboratory-run.ts";
import { DAY, HOUR, MINUTE, meeting, recipeOf, writeSample } from "./small-world.ts";

const PERSONS = 24;
const DAYS = 2;
const patient = { progress: () => {}, signal: new AbortController().signal };

// Two working days of persons who meet in pairs, for one minute up to forty, and are alone for as long again.
function meetings(seed: string): string {
  const random = createRandom(`meetings ${seed}`);
  let lines = "";
  for (let day = 0; day < DAYS; day++) {
    const free = Array<number>(PERSONS).fill(day * DAY + 8 * HOUR);
    const end = day * DAY + 17 * HOUR;
    for (let count = 0; count < 12 * PERSONS; count++) {
      const one = Math.floor(PERSONS * random.uniform());
      const other = (one + 1 + Math.floor((PERSONS - 1) * random.uniform())) % PERSONS;
      const from = Math.max(free[one]!, free[other]!) + 20 * Math.round(90 * random.uniform());
      const length = 20 * Math.round((MINUTE + 39 * MINUTE * random.uniform() ** 2) / 20);
      if (from + length > end) continue;
      lines += meeting(one + 1, other + 1, from, from + length);
      free[one] = free[other] = from + length + 10 * MINUTE;
    }
  }
  return lines;
}

const SEEDS = ["1", "2", "3", "4", "5", "6"];
const OTHER_SEEDS = ["7", "8", "9", "10", "11", "12"];

function expectOverlap(one: Estimate, other: Estimate): void {
  expect(one.low).toBeLessThanOrEqual(other.high);
  expect(other.low).toBeLessThanOrEqual(one.high);
}

// What docs/laboratory.md says of a real trace with more persons, on days that are made up.
test.each(["one", "two"])(
  "in made-up working days the release finds contacts within its budget, with other seeds too (%s)",
  async (world) => {
    const recipe = await recipeOf(writeSample(`${world}.dat`, meetings(world)), DAYS);
    const first = await laboratoryRun(recipe, SEEDS, 2, patient);
    const second = await laboratoryRun(recipe, OTHER_SEEDS, 2, patient);
    for (const { recognition, energy, kept, riskDays } of [first, second]) {
      const [ten] = recognition;
      expect(ten!.contacts).toBeGreaterThan(100);
      expect(ten!.recall.mean).toBeGreaterThan(0.99);
      expect(ten!.precision.mean).toBeGreaterThan(0.95);
      expect(riskDays.recall.mean).toBeGreaterThan(0.95);
      // These are two days of company; whoever is alone for more of the time, as in an office, stays below 1.2.
      expect(energy.total.mean).toBeLessThan(1.23);
      expect(energy.total.mean).toBeGreaterThan(1.1);
      expect(kept.mean).toBeGreaterThan(0.99);
    }
    const [one, other] = [first.recognition[0]!, second.recognition[0]!];
    expectOverlap(one.recall, other.recall);
    expectOverlap(one.precision, other.precision);
    expectOverlap(one.strictRecall, other.strictRecall);
    expectOverlap(first.energy.total, second.energy.total);
  },
);
