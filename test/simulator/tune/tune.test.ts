import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allTrials, RELEASED_PLAN, type Trial } from "../../../simulator/tune/trials.ts";
import { tune } from "../../../simulator/tune/tune.ts";
import type { Tuning } from "../../../simulator/tune/tuning.ts";

const directory = mkdtempSync(join(tmpdir(), "saqbol-tune-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Three persons, of whom two are together for an hour and two for half of one. */
function writeTrace(): string {
  const path = join(directory, "trace.dat");
  const lines: string[] = [];
  for (let t = 0; t < 3600; t += 20) lines.push(`${36_000 + t} 1 2`);
  for (let t = 0; t < 1800; t += 20) lines.push(`${50_000 + t} 2 3`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const recipe = {
  source: { kind: "trace", path: writeTrace(), rooms: "none" },
  days: 1,
  board: "puckjs",
} as const;
const [release] = allTrials() as [Trial];
const trials: Trial[] = [
  release,
  { family: "length", name: "840 ms", plan: { SCAN_MILLISECONDS: 840 } },
  { family: "period", name: "600 s", plan: { SUSTAINED_SECONDS: 600, ALONE_SECONDS: 600 } },
];

let whole: Tuning;
const shown: number[] = [];
beforeAll(async () => {
  whole = await tune(trials, recipe, ["1/1", "1/2"], 1, {
    progress: (done) => shown.push(done),
    signal: new AbortController().signal,
  });
});

test("it tells what was run, and all schedules in their order", () => {
  expect(whole).toMatchObject({
    version: 1,
    persons: 3,
    days: 1,
    board: "puckjs",
    seeds: ["1/1", "1/2"],
    contacts: 4,
    schedules: 3,
    released: RELEASED_PLAN,
  });
  expect(whole.tried.map(({ trial }) => trial)).toEqual(trials);
  expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
});

test("longer scans take more charge in proportion, and nothing else does", () => {
  const [short, long] = whole.tried as [Tuning["tried"][number], Tuning["tried"][number]];
  const ratio = 840 / RELEASED_PLAN.SCAN_MILLISECONDS;
  // Of long scans Espruino's figures say more, of short ones the chip's currents: 12 mA against 6.5, which windows have for 98.8 %.
  const accounts = 12 / (0.988 * 6.5);
  expect(long.scanning.mean / short.scanning.mean / (ratio * accounts)).toBeCloseTo(1, 1);
  const less = whole.tried[2]!;
  expect(less.scanning.mean).toBeLessThan(short.scanning.mean);
  const rest = ({ draw, scanning, cpu }: typeof short) => draw.mean - scanning.mean - cpu.mean;
  expect(rest(less)).toBeCloseTo(rest(short), 2);
  expect(rest(long)).toBeLessThan(rest(short));
});

test("progress goes up to the end over all schedules", () => {
  expect(shown).toEqual([...shown].sort((a, b) => a - b));
  expect(shown.at(-1)).toBe(1);
  expect(shown.some((done) => done > 0 && done < 0.5)).toBe(true);
});

test("when it is interrupted it has the schedules that were run to their end, with the same figures", async () => {
  const controller = new AbortController();
  const partial = await tune(trials, recipe, ["1/1", "1/2"], 1, {
    progress: (done) => {
      if (done > 0.4) controller.abort();
    },
    signal: controller.signal,
  });
  expect(partial.schedules).toBe(3);
  expect(partial.tried).toEqual(whole.tried.slice(0, 1));
});

test("when it is interrupted at once it has none, and no bound", async () => {
  const nothing = await tune(trials, recipe, ["1/1"], 1, {
    progress: () => {},
    signal: AbortSignal.abort(),
  });
  expect(nothing).toMatchObject({ tried: [], schedules: 3, contacts: 0 });
  expect(nothing.stillness).toBeUndefined();
});
