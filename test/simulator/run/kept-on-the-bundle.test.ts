import { expect, test } from "vitest";
import { buildFirmware } from "../../../firmware/build/bundle.ts";
import { RECORD_BYTES } from "../../../protocol/encounter-record.ts";
import { exposureMinutes, keptShare } from "../../../simulator/findings/kept.ts";
import type { RunOutcome } from "../../../simulator/run/outcome.ts";
import type { Recipe, Share } from "../../../simulator/run/recipe.ts";
import { runScenario } from "../../../simulator/run/run-scenario.ts";
import { START } from "../../../simulator/scenarios/days.ts";
import type { Episode, Scenario } from "../../../simulator/scenarios/scenario.ts";
import { DAY } from "./small-world.ts";

const recipe: Omit<Recipe, "days"> = {
  source: { kind: "world", name: "none", persons: 0 },
  board: "puckjs",
  firmware: await buildFirmware("puckjs"),
};

/** All sit together day and night, facing each other, the nearest 1 m away and each further one a bit more. */
function circle(persons: number, days: number): Scenario {
  return {
    title: "A circle",
    persons: Array.from({ length: persons }, (_, person) => `${person}`),
    days,
    start: START,
    day: (index) => {
      const episodes: Episode[] = [];
      for (let a = 0; a < persons; a++) {
        for (let b = a + 1; b < persons; b++) {
          const stance = { metres: 1 + (b - a - 1) / 8, offA: 0, offB: 0, walls: 0 };
          episodes.push({ a, b, from: index * DAY, to: (index + 1) * DAY, ...stance });
        }
      }
      return episodes;
    },
  };
}

/** Lets some of them hear. */
function live(scenario: Scenario, share: Share): Promise<RunOutcome> {
  return runScenario(scenario, { ...recipe, days: scenario.days }, "kept", share, {
    progress: () => {},
    goesOn: () => true,
  });
}

/** Of what each token heard, the share that its log holds, before rounding up to more than all is taken off. */
function shares({ tokens, days }: RunOutcome): number[] {
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
  return tokens.map(
    ({ log, heardMinutes }) => sum(exposureMinutes(log, START, days)) / sum(heardMinutes),
  );
}

const kept = (outcome: RunOutcome): number => keptShare([outcome], [START]).mean;

test("a log with room for all keeps all that was heard", async () => {
  const outcome = await live(circle(3, 2), { index: 0, of: 1 });
  for (const { heardMinutes, wasFull } of outcome.tokens) {
    expect(wasFull).toBe(false);
    for (const minutes of heardMinutes) {
      // Both of the others all day long; but by their strength, minutes count less, too.
      expect(minutes).toBeGreaterThan(0.6 * 2 * 1440);
      expect(minutes).toBeLessThan(2 * 1440);
    }
  }
  for (const share of shares(outcome)) expect(Math.abs(share - 1)).toBeLessThan(0.01);
  expect(kept(outcome)).toBeGreaterThan(0.99);
});

test("so does one that has joined records to make room, and left none out", async () => {
  const outcome = await live(circle(4, 3), { index: 0, of: 4 });
  const [token] = outcome.tokens;
  const [, second = 0, third = 0] = token!.fill;
  expect(third).toBeLessThan(second);
  expect(token!.wasFull).toBe(false);
  expect(Math.abs(shares(outcome)[0]! - 1)).toBeLessThan(0.01);
  expect(kept(outcome)).toBeGreaterThan(0.99);
});

// Held against what the log had at that day's only midnight, nothing would be missing.
test("what a full log leaves out or refuses within the day is lost", async () => {
  const outcome = await live(circle(24, 1), { index: 0, of: 12 });
  for (const { wasFull, fill, log } of outcome.tokens) {
    expect(wasFull).toBe(true);
    // It is the same log as at midnight, with what was heard just before.
    expect(log.length / RECORD_BYTES).toBeGreaterThanOrEqual(fill[0]!);
  }
  for (const share of shares(outcome)) {
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
  }
  expect(kept(outcome)).toBeLessThan(0.7);
});
