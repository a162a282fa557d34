import { rmSync } from "node:fs";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { callEnd, createEnds, goesOn } from "../../../simulator/run/common-end.ts";
import { type PoolFollower, runBatches } from "../../../simulator/run/pool.ts";
import { recipeOf, smallTrace, writeSample } from "./small-world.ts";

const recipe = await recipeOf(writeSample("pool.dat", smallTrace(6, 14)), 14);
const patient: PoolFollower = { progress: () => {}, signal: new AbortController().signal };

/** Threads of this process that have not ended. */
let threads = 0;
process.on("worker", (worker) => {
  threads++;
  worker.once("exit", () => threads--);
});

test("batches come out in order, each with its seeds in order, and progress only grows", async () => {
  const told: number[] = [];
  let most = 0;
  const brief = { ...recipe, days: 1 };
  const outcomes = await runBatches(
    [
      { recipe: brief, seeds: ["x", "y"] },
      { recipe: { ...brief, days: 2 }, seeds: ["z"] },
    ],
    2,
    {
      ...patient,
      progress: (done) => {
        told.push(done);
        most = Math.max(most, threads);
      },
    },
  );
  expect(outcomes.map((batch) => batch.map(({ seed, days }) => [seed, days]))).toEqual([
    [
      ["x", 1],
      ["y", 1],
    ],
    [["z", 2]],
  ]);
  for (const { tokens } of outcomes.flat()) {
    expect(tokens.map(({ person }) => person)).toEqual([0, 1, 2, 3, 4, 5]);
  }
  expect(told).toEqual([...told].sort((one, other) => one - other));
  expect([told.length, told.at(-1)]).toEqual([4 * 24, 1]);
  expect(most).toBe(2);
  expect(threads).toBe(0);
});

describe("a thread that fails", () => {
  test("rejects with its reason, and no thread is left", async () => {
    const path = writeSample("gone.dat", smallTrace(2));
    const gone = await recipeOf(path, 14);
    rmSync(path);
    // The other one would take much longer.
    const running = runBatches(
      [
        { recipe, seeds: ["a"] },
        { recipe: gone, seeds: ["b", "c"] },
      ],
      2,
      patient,
    );
    await expect(running).rejects.toMatchObject({
      code: "trace-missing",
      message: expect.stringMatching(/There is no file .*gone\.dat/),
    });
    expect(threads).toBe(0);
  });

  test("whatever it fails of", async () => {
    const broken = { ...recipe, firmware: "throw new Error('no such board')" };
    await expect(runBatches([{ recipe: broken, seeds: ["a"] }], 2, patient)).rejects.toThrow(
      "no such board",
    );
    const unclonable = { ...recipe, firmware: (() => {}) as unknown as string };
    await expect(runBatches([{ recipe: unclonable, seeds: ["a"] }], 2, patient)).rejects.toThrow(
      "could not be cloned",
    );
    expect(threads).toBe(0);
  });
});

describe("an abort", () => {
  async function abortedAt(share: number, seeds: readonly string[], threads: number) {
    const controller = new AbortController();
    const [outcomes = []] = await runBatches([{ recipe, seeds }], threads, {
      progress: (done) => {
        if (done >= share) controller.abort();
      },
      signal: controller.signal,
    });
    return outcomes;
  }

  test("leaves all shares of a seed at the same hour, within a day", async () => {
    const [outcome, ...others] = await abortedAt(0.2, ["a"], 3);
    expect(others).toEqual([]);
    const { days, tokens } = outcome!;
    expect(days).toBeGreaterThan(1);
    expect(days).toBeLessThan(14);
    expect(days * 24).toBe(Math.round(days * 24));
    expect(tokens.map(({ person, seconds }) => [person, seconds])).toEqual(
      [0, 1, 2, 3, 4, 5].map((person) => [person, days * 86_400]),
    );
    for (const { fill, heardMinutes, log } of tokens) {
      expect([fill.length, heardMinutes.length]).toEqual([Math.floor(days), Math.floor(days)]);
      expect(log.length).toBeGreaterThan(0);
    }
  });

  test("leaves out seeds that were not begun, and keeps those that were", async () => {
    const outcomes = await abortedAt(0.3, ["a", "b", "c"], 2);
    expect(outcomes.map(({ seed }) => seed)).toEqual(["a", "b"]);
    expect(Math.max(...outcomes.map(({ days }) => days))).toBeGreaterThan(0);
  });

  test("that came before anything leaves nothing", async () => {
    const follower = { progress: () => {}, signal: AbortSignal.abort() };
    expect(await runBatches([{ recipe, seeds: ["a"] }], 2, follower)).toEqual([[]]);
  });
});

test("no share begins an hour that none had begun when the end was called for; those behind come as far", () => {
  const ends = createEnds(2);
  expect([0, 1, 2].map((hours) => goesOn(ends, 0, hours))).toEqual([true, true, true]);
  expect(goesOn(ends, 1, 0)).toBe(true);
  callEnd(ends);
  // Of the first, the third hour was the last one begun.
  expect([0, 1, 2, 3].map((hours) => goesOn(ends, 0, hours))).toEqual([true, true, true, false]);
  expect([0, 1].map((hours) => goesOn(ends, 1, hours))).toEqual([true, false]);
});
