import { expect, test } from "vitest";
import { CAUSES } from "../../../simulator/energy/account.ts";
import {
  buildFindings,
  type FindingsInput,
  type SeedRun,
} from "../../../simulator/findings/build-findings.ts";
import type { Findings } from "../../../simulator/findings/findings.ts";
import { findingsText } from "../../../simulator/findings/findings-text.ts";
import type { TokenEvent, TokenOutcome } from "../../../simulator/run/outcome.ts";
import type { Episode, Scenario } from "../../../simulator/scenarios/scenario.ts";
import { contact, minutes, truthOf } from "./hand-made.ts";
import { START, writtenToken } from "./written-token.ts";

const ENERGY = writtenToken(0, []).energy;

const DAY = 86_400;
const TRUE_DAYS = [[contact(600, 620)], [contact(1440 + 600, 1440 + 615)]];

const scenario: Scenario = {
  title: "Two who meet daily, and one who does not",
  persons: ["A", "B", "C"],
  days: 2,
  start: START,
  day: (index) =>
    TRUE_DAYS[index]!.map(
      ({ a, b, from, to }): Episode => ({ a, b, from, to, metres: 1, offA: 0, offB: 0, walls: 0 }),
    ),
};

const EVENTS: TokenEvent[] = [
  { from: minutes(600), to: minutes(600) + 0.6, what: "scan", beacons: 2 },
];

// A and B hear each other in all of their contacts, C nobody.
function tokens(changes: Partial<TokenOutcome> = {}): TokenOutcome[] {
  const heard = (other: number) =>
    [60, 61, 204].map((at) => ({ other, at, minutes: at === 204 ? 15 : 10 }));
  return [
    writtenToken(0, heard(1), 2, {
      fill: [4, 6],
      heardMinutes: [16, 12],
      events: EVENTS,
      ...changes,
    }),
    writtenToken(1, heard(0), 2, { fill: [4, 6], heardMinutes: [16, 12], ...changes }),
    writtenToken(2, [], 2, { fill: [0, 0], heardMinutes: [0, 0], ...changes }),
  ];
}

function run(seed: string, days: number, changes: Partial<TokenOutcome> = {}): SeedRun {
  return { scenario, outcome: { seed, days, tokens: tokens(changes) } };
}

function build(runs: readonly SeedRun[], changes: Partial<FindingsInput> = {}): Promise<Findings> {
  return buildFindings({
    runs,
    seedsAsked: runs.length,
    board: "puckjs",
    bundleBytes: 14_008,
    thresholdDecibels: 65,
    slots: 1360,
    cell: { name: "CR2032", capacity: 225, days: (draw: number) => 225 / draw },
    workers: 2,
    wallSeconds: 6,
    truthOf: (_, days) => truthOf(TRUE_DAYS.slice(0, days).flat()),
    ...changes,
  });
}

// JSON turns what is not a number into null, and leaves undefined out.
function expectJson(findings: Findings): void {
  expect(JSON.parse(JSON.stringify(findings))).toEqual(findings);
  expect(JSON.stringify(findings)).not.toContain("null");
}

test("two seeds of two days are put together", async () => {
  const findings = await build([run("1", 2), run("2", 2)]);
  expectJson(findings);
  const all = { mean: 1, low: 1, high: 1 };
  expect(findings).toMatchObject({
    version: 1,
    seeds: ["1", "2"],
    days: 2,
    daysAsked: 2,
    complete: true,
    riskDays: { exposed: 4, shown: 4, recall: all, precision: all },
    durationError: { low: 0, median: 0, high: 0 },
    durationErrors: [{ minutes: 0, contacts: 8 }],
    kept: all,
    fill: [
      { day: 0, low: 0, median: 4, high: 4 },
      { day: 1, low: 0, median: 6, high: 6 },
    ],
    attenuation: [{ metres: 1.25, count: 12, low: 60, median: 60, high: 60 }],
    pairs: [{ a: 0, b: 1, truth: 35, concluded: 35 }],
    timeline: {
      person: 0,
      day: 0,
      events: EVENTS,
      contacts: [{ other: 1, from: minutes(600), to: minutes(620) }],
    },
    speed: { wallSeconds: 6, workers: 2, tokenDaysPerSecond: 2, timesRealTime: 2 * DAY },
  });
  for (const each of findings.recognition) {
    expect(each).toMatchObject({ contacts: 4, recall: all, precision: all, strictRecall: all });
  }
  expect(findings.thresholds[0]).toEqual({ decibels: 60, recall: 1, precision: 1 });
});

test("energy is counted by day, by cause and by wearer", async () => {
  const { energy } = await build([run("1", 2), run("2", 2)]);
  expect(Object.keys(energy.causes)).toEqual([...CAUSES]);
  expect(energy.causes.advertising).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
  expect(energy.total.mean).toBe(0.5);
  expect(energy.account).toBe("published");
  expect(energy.accounts.published).toEqual({ causes: energy.causes, total: energy.total });
  expect(energy.accounts.chip.causes.advertising.mean).toBe(0.1875);
  expect(energy.accounts.chip.total.mean).toBe(0.375);
  expect(energy.wearers).toEqual(Array(6).fill(0.5));
  expect(energy.lasts).toEqual({ low: 450, median: 450, high: 450 });
});

test("the account that gives more is the one that is stated", async () => {
  const energy = { ...ENERGY, chip: { ...ENERGY.chip, sleep: 1 } };
  const { account, total, wearers, accounts } = (await build([run("1", 2, { energy })])).energy;
  expect(account).toBe("chip");
  expect(total).toEqual(accounts.chip.total);
  expect(total.mean).toBe(0.875);
  expect(wearers).toEqual(Array(3).fill(0.875));
});

test("an interrupted run is held against the days that it lived through", async () => {
  // Its logs already hold something of the second day.
  const findings = await build([run("1", 1)]);
  expectJson(findings);
  expect(findings).toMatchObject({ days: 1, daysAsked: 2, complete: false });
  expect(findings.recognition[0]).toMatchObject({
    contacts: 2,
    recall: { mean: 1 },
    precision: { mean: 1 },
  });
  expect(findingsText(findings)).toContain("Interrupted: these are findings of 1 of 2 days only.");
  const hours = await build([run("1", 1.125, { heardMinutes: [16] })]);
  expectJson(hours);
  expect(hours).toMatchObject({ days: 1.125, complete: false });
  // Of the first day alone, on which the third token, too, heard what it did not log.
  expect(hours.kept.mean).toBeCloseTo(2 / 3);
  expect(findingsText(hours)).toMatch(/^3 tokens, 1 day and 3 hours, 1 seed;/m);
  expect(findingsText(hours)).toContain("these are findings of 1 day and 3 hours of 2 days only.");
  // Some hours of a night are not what a day draws.
  const begun = await build([run("1", 2), run("2", 5 / 24)], { seedsAsked: 2 });
  expect(begun).toMatchObject({ days: 2, complete: false, seeds: ["1"] });
  const firstDay = await build([run("1", 5 / 24), run("2", 0)], { seedsAsked: 2 });
  expect(firstDay).toMatchObject({ days: 5 / 24, complete: false, seeds: ["1"] });
  const oneOfTwo = await build([run("1", 2), run("2", 0)], { seedsAsked: 2 });
  expect(oneOfTwo).toMatchObject({ days: 2, complete: false, seeds: ["1"] });
  expect(findingsText(oneOfTwo)).toContain("fewer seeds than were asked for");
});

test("a run that was interrupted at once is a valid file that says none", async () => {
  const unlived = { log: new Uint8Array(), keys: [], seconds: 0, fill: [], heardMinutes: [] };
  const findings = await build([run("1", 0, unlived)]);
  expectJson(findings);
  expect(findings.recognition[0]).toMatchObject({ contacts: 0, recall: { mean: 0 } });
  const text = findingsText(findings);
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
  expect(text).toMatch(/true ones in a seed +none +none/);
  expect(text).toMatch(/found \(recall\) +none +none/);
  expect(text).toMatch(/shown as high \(recall\) +none\n +right \(precision\) +none$/m);
  expect(text).toContain("none was found");
  expect(text).toContain("none were heard");
  expect(text).toContain("Energy: none was drawn.");
});

test("where nobody met, contacts that were concluded are false alarms", async () => {
  const text = findingsText(await build([run("1", 2)], { truthOf: () => truthOf([]) }));
  expect(text).toMatch(/found \(recall\) +none +none/);
  expect(text).toMatch(/right \(precision\) +0\.0 % +0\.0 %/);
  expect(text).toMatch(/shown as high \(recall\) +none\n +right \(precision\) +0\.0 %$/m);
});

test("without any run there is nothing to find", async () => {
  await expect(build([])).rejects.toThrow("run at least one seed");
});

test("the terminal's text names each figure with its interval", async () => {
  const text = findingsText(
    await build([
      run("1", 2),
      run("2", 2, { energy: { ...ENERGY, published: { ...ENERGY.published, cpu: 0.25 } } }),
    ]),
  );
  expect(text).toMatch(/found \(recall\) +100\.0 % +100\.0 %/);
  expect(text).toMatch(/15 minutes or more in a seed +4\n +shown as high \(recall\) +100\.0 %$/m);
  expect(text).toMatch(/Exposure minutes kept +100\.0 %/);
  expect(text).toMatch(/Slots of the log in use at the end +6 \(0 to 6\) of 1,360/);
  // 0.0625 and 0.125 mAh a day: 12.706 standard errors of 0.03125 on each side, nothing below 0.
  expect(text).toMatch(/ cpu +0\.094 \[0\.000, 0\.491\] +0\.063$/m);
  expect(text).toMatch(/Espruino's figures +the chip's currents/);
  expect(text).toMatch(
    /By Espruino's figures, .*a CR2032 of 225 mAh lasts\s+\d+ \(\d+ to \d+\) days\./s,
  );
  expect(text).toContain("warned, of those found");
  expect(text).toMatch(/every day +100\.0 % +0\.\d \(0\.\d to [01]\.\d\)/);
  expect(text).toContain(
    "Took 6.0 s with 2 workers: 2.0 token-days a second, 172,800 times real time.",
  );
  expect(text.split("\n").every((line) => line === line.trimEnd())).toBe(true);
});
