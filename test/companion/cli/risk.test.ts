import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTexts } from "../../../companion/texts/texts.ts";
import { expectFailure, saqbol } from "../../support/saqbol.ts";

const CASES = fileURLToPath(new URL("../../vectors/risk-cases.json", import.meta.url));
const published = JSON.parse(readFileSync(CASES, "utf8"));

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "saqbol-risk-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
};

const risk = (windows: string, ...args: string[]) =>
  saqbol(["risk", "--windows", windows, "--today", "2026-05-12", ...args]);

// Ten minutes of the value 1 at a weight of 1, yesterday; 56 minutes the day before.
const windows = [
  [1, 600],
  [2, 3360],
].map(([ageInDays, secondsSinceLastScan]) => ({
  ageInDays,
  reportType: 2,
  infectiousness: 1,
  calibrationConfidence: 0,
  scanInstances: [{ minAttenuation: 65, typicalAttenuation: 55, secondsSinceLastScan }],
}));

describe("saqbol risk", () => {
  test("says what a wearer would be told, in words and in JSON", async () => {
    const file = write("windows.json", windows);
    const { code, stdout } = await risk(file);
    expect(code).toBe(0);
    expect(stdout).toBe(
      "2026-05-11: risk high, 10 minutes, signal 55 dB below what was sent\n" +
        "2026-05-10: risk high, 56 minutes, signal 55 dB below what was sent\n" +
        `${readTexts()("en").advice.high.join("\n")}\n`,
    );
    expect(JSON.parse((await risk(file, "--json")).stdout)).toStrictEqual({
      level: "high",
      days: [
        { date: "2026-05-11", level: "high", durationMinutes: 10, attenuationDb: 55 },
        { date: "2026-05-10", level: "high", durationMinutes: 56, attenuationDb: 55 },
      ],
    });
  });

  test("adds the model's figures when asked to", async () => {
    const file = write("windows.json", windows);
    const { stdout } = await risk(file, "--json", "--details");
    const details = {
      totalRiskLevel: 2,
      ageOfMostRecentDateWithLowRisk: null,
      ageOfMostRecentDateWithHighRisk: 1,
      numberOfDaysWithLowRisk: 0,
      numberOfDaysWithHighRisk: 2,
      totalMinimumDistinctEncountersWithLowRisk: 0,
      totalMinimumDistinctEncountersWithHighRisk: 2,
      days: [
        {
          date: "2026-05-11",
          level: "high",
          encounters: { low: 0, high: 1 },
          figures: { normalizedTime: 10 },
        },
        {
          date: "2026-05-10",
          level: "high",
          encounters: { low: 0, high: 1 },
          figures: { normalizedTime: 56 },
        },
      ],
    };
    expect(JSON.parse(stdout).details).toEqual(details);
    const words = (await risk(file, "--details")).stdout;
    expect(JSON.parse(words.slice(words.indexOf("{")))).toEqual(details);
  });

  test("holds all published cases", async () => {
    const { code, stdout } = await risk(CASES);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line.startsWith("holds: "))).toHaveLength(15);
    expect(stdout).toMatch(/\n15 of 15 cases with expectations hold\.\n$/);
    const json = JSON.parse((await risk(CASES, "--json")).stdout);
    expect(json.cases).toHaveLength(15);
    expect(json.cases.every((each: { holds: boolean }) => each.holds)).toBe(true);
  });

  test("holds them with a file that is the published configuration alone", async () => {
    const config = write("published.json", published.defaultRiskCalculationConfiguration);
    expect((await risk(CASES, "--config", config)).code).toBe(0);
  });

  test("says which case does not hold, and ends with 1", async () => {
    const [first, second] = published.testCases;
    const wrong = { ...second, expTotalRiskLevel: 2, expNumberOfDaysWithLowRisk: 7 };
    const file = write("wrong.json", { ...published, testCases: [first, wrong] });
    const { code, stdout, stderr } = await risk(file);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toBe(
      `holds: ${first.description}\ndoes not hold: ${second.description}\n` +
        "  expTotalRiskLevel is 1, expected 2\n  expNumberOfDaysWithLowRisk is 1, expected 7\n" +
        "1 of 2 cases with expectations hold.\n",
    );
    const json = await risk(file, "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout).cases[1]).toMatchObject({
      description: second.description,
      holds: false,
      differences: [
        { field: "expTotalRiskLevel", expected: 2, actual: 1 },
        { field: "expNumberOfDaysWithLowRisk", expected: 7, actual: 1 },
      ],
    });
  });

  test("takes one case, with and without expectations", async () => {
    const [first] = published.testCases;
    expect((await risk(write("case.json", first))).stdout).toBe(`holds: ${first.description}\n`);
    const bare = write("bare.json", { exposureWindows: first.exposureWindows });
    expect((await risk(bare)).stdout).toMatch(/^2026-05-11: risk high, 10 minutes, .*\nStay/);
  });

  test("uses the configuration that is named, before the one in the file", async () => {
    const config = write("summaries.json", { model: "daily-summaries" });
    const file = write("windows.json", windows);
    const { stdout } = await risk(file, "--json", "--details", "--config", config);
    expect(JSON.parse(stdout)).toMatchObject({
      level: "high",
      details: {
        days: [
          { figures: { summary: { scoreSum: 300 } }, level: "low" },
          { figures: { summary: { scoreSum: 1680 } }, level: "high" },
        ],
      },
    });
    const cases = await risk(CASES, "--config", config);
    expect(cases.code).toBe(1);
    expect(cases.stdout).toContain("is not found by this model, expected 1");
  });

  test("tells of files that cannot be used", async () => {
    const good = write("windows.json", windows);
    expectFailure(await risk(join(folder, "nowhere.json")), /cannot be read/);
    expectFailure(await risk(write("cut.json", "[{")), /cut\.json is not JSON/);
    const wrong = write("odd.json", [{ ...windows[0], reportType: 9 }]);
    expectFailure(await risk(wrong), /\[0\]\.reportType must be a whole number from 1 to 4/);
    const config = write("config.json", { model: "daily-summaries", minimumWindowScore: "5" });
    expectFailure(await risk(good, "--config", config), /minimumWindowScore must be a number/);
    const inFile = write("inside.json", {
      defaultRiskCalculationConfiguration: {},
      testCases: [],
    });
    expectFailure(await risk(inFile), /The configuration in .* minutesAtAttenuationFilters/);
    const json = await risk(wrong, "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout).error.code).toBe("windows-malformed");
  });

  test.each([["--today", "12.05.2026"], ["--today", "2026-13-01"], ["--nonsense"]])(
    "%s %s is wrong usage",
    async (...args) => {
      const { code, stderr } = await risk(write("windows.json", windows), ...args);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^saqbol: /);
    },
  );

  test("--help says what files it takes", async () => {
    const { stdout } = await saqbol(["risk", "--help"]);
    for (const word of ["exposureWindows", "testCases", "list of", "exp…", "exit code 1"]) {
      expect(stdout).toContain(word);
    }
  });
});
