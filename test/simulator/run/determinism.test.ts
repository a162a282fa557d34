import { describe, expect, test } from "vitest";
import type { RunOutcome, TokenOutcome } from "../../../simulator/run/outcome.ts";
import { runBatches } from "../../../simulator/run/pool.ts";
import type { Recipe } from "../../../simulator/run/recipe.ts";
import { HOUR, meeting, recipeOf, runShare, smallTrace, writeSample } from "./small-world.ts";

/** The first person meets many all the afternoon, so that this token's visit lasts longer than others'. */
const afternoon = [2, 3, 4, 5, 6].map((other) => meeting(1, other, 13 * HOUR, 19 * HOUR)).join("");
const path = writeSample("determinism.dat", smallTrace(8) + afternoon);
const recipe: Recipe = { ...(await recipeOf(path)), watch: { person: 2, day: 0 } };
const follower = { progress: () => {}, signal: new AbortController().signal };

/** The tokens of all shares, in the order of persons. */
async function inShares(of: number, seed: string): Promise<TokenOutcome[]> {
  const tokens: TokenOutcome[] = [];
  for (let index = 0; index < of; index++) {
    tokens.push(...(await runShare(recipe, seed, { index, of })).tokens);
  }
  return tokens.sort((one, other) => one.person - other.person);
}

describe("the same seed", () => {
  test("gives the same outcome again, in one share as in two and three", async () => {
    const whole = await inShares(1, "a");
    // There is something to compare.
    expect(whole.map(({ person }) => person)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(whole.every(({ log, keys }) => log.length > 0 && keys.length > 0)).toBe(true);
    expect(whole[2]?.events?.length).toBeGreaterThan(100);
    expect(await inShares(1, "a")).toEqual(whole);
    expect(await inShares(2, "a")).toEqual(whole);
    expect(await inShares(3, "a")).toEqual(whole);
  });

  test("gives the same outcome in one thread as in more, with fewer seeds than threads and with more", async () => {
    const inThreads = async (threads: number, seeds: readonly string[]): Promise<RunOutcome[]> => {
      const [outcomes = []] = await runBatches([{ recipe, seeds }], threads, follower);
      return outcomes;
    };
    const one = await inThreads(1, ["a", "b"]);
    expect(one.map(({ seed, days }) => [seed, days])).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    expect(one[0]?.tokens).toEqual(await inShares(1, "a"));
    expect(await inThreads(2, ["a", "b"])).toEqual(one);
    expect(await inThreads(2, ["b"])).toEqual(one.slice(1));
    expect(await inThreads(3, ["a", "b"])).toEqual(one);
  });
});

test("another seed gives other keys, other logs and another day", async () => {
  const [one, other] = [await inShares(1, "a"), await inShares(1, "b")];
  for (const [person, token] of one.entries()) {
    expect(other[person]?.keys[0]?.key).not.toEqual(token.keys[0]?.key);
    expect(other[person]?.log).not.toEqual(token.log);
    expect(other[person]?.energy).not.toEqual(token.energy);
  }
  expect(other[2]?.events).not.toEqual(one[2]?.events);
});

test("what a token sends does not depend on what it hears", async () => {
  const alone = writeSample("alone.dat", meeting(1, 2, 8 * HOUR, 8 * HOUR + 20));
  const crowded = writeSample("crowded.dat", meeting(1, 2, 8 * HOUR, 20 * HOUR));
  const [one, other] = await Promise.all(
    [alone, crowded].map(async (trace) => {
      const { tokens } = await runShare(
        { ...(await recipeOf(trace)), watch: { person: 0, day: 0 } },
        "a",
      );
      const [token] = tokens as [TokenOutcome];
      const { events = [] } = token;
      return {
        keys: token.keys,
        rotations: events.filter(({ what }) => what === "rotation"),
        heard: events.filter(({ beacons = 0 }) => beacons > 0).length,
      };
    }),
  );
  expect(one?.heard).toBeLessThan(2);
  expect(other?.heard).toBeGreaterThan(100);
  expect(one?.keys).toEqual(other?.keys);
  expect(one?.rotations.length).toBeGreaterThan(90);
  expect(one?.rotations).toEqual(other?.rotations);
});
