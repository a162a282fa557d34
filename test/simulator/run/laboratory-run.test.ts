import { describe, expect, test } from "vitest";
import { bodyLoss, medianAttenuation } from "../../../simulator/air/path-loss.ts";
import { createShadowing } from "../../../simulator/air/shadowing.ts";
import type { Findings } from "../../../simulator/findings/findings.ts";
import { findingsText } from "../../../simulator/findings/findings-text.ts";
import { createRandom } from "../../../simulator/random.ts";
import { renderReport } from "../../../simulator/report/render-report.ts";
import { laboratoryRun } from "../../../simulator/run/laboratory-run.ts";
import { THRESHOLD_DECIBELS } from "../../../simulator/run/threshold.ts";
import { DAY, HOUR, meeting, recipeOf, smallTrace, writeSample } from "./small-world.ts";

/** Persons 3 and 4 have the longest day, on the second one. */
const path = writeSample(
  "laboratory.dat",
  smallTrace(6, 3) + meeting(3, 4, DAY + 10 * HOUR, DAY + 12 * HOUR),
);
const recipe = await recipeOf(path, 3);
const patient = { progress: () => {}, signal: new AbortController().signal };

// JSON turns what is not a number into null, and leaves undefined out.
function expectValid(findings: Findings): void {
  expect(JSON.parse(JSON.stringify(findings))).toEqual(findings);
  expect(JSON.stringify(findings)).not.toContain("null");
  expect(findingsText(findings)).not.toMatch(/NaN|Infinity|undefined/);
  expect(renderReport(findings)).toContain("</html>");
}

test("a run says what was found, and shows the longest day", async () => {
  const findings = await laboratoryRun(recipe, ["a", "b"], 2, patient);
  expectValid(findings);
  expect(findings).toMatchObject({
    title: "laboratory",
    seeds: ["a", "b"],
    persons: ["1", "2", "3", "4", "5", "6"],
    days: 3,
    daysAsked: 3,
    complete: true,
    slots: 4 * 341,
    thresholdDecibels: THRESHOLD_DECIBELS,
    speed: { workers: 2 },
  });
  // All meet face to face and nobody else is near.
  expect(findings.recognition[0]?.recall.mean).toBeGreaterThan(0.9);
  expect(findings.recognition[0]?.precision.mean).toBeGreaterThan(0.9);
  expect(findings.timeline).toMatchObject({ person: 2, day: 1 });
  const events = findings.timeline?.events ?? [];
  expect(events.length).toBeGreaterThan(100);
  for (const { from } of events) {
    expect(from).toBeGreaterThanOrEqual(DAY);
    expect(from).toBeLessThan(2 * DAY);
  }
  expect(findings.fill).toHaveLength(3);
  expect(findings.energy.wearers).toHaveLength(12);
});

test("findings are the same for any number of threads, but for the speed", async () => {
  const { speed: _, ...one } = await laboratoryRun(recipe, ["a"], 1, patient);
  const { speed: __, ...three } = await laboratoryRun(recipe, ["a"], 3, patient);
  expect(three).toEqual(one);
});

describe("a run that is aborted", () => {
  const abortedAt = async (share: number, seeds: readonly string[]): Promise<Findings> => {
    const controller = new AbortController();
    return laboratoryRun({ ...recipe, days: 14 }, seeds, 2, {
      progress: (done) => {
        if (done >= share) controller.abort();
      },
      signal: controller.signal,
    });
  };

  test("leaves valid findings of a fraction of days", async () => {
    const findings = await abortedAt(0.3, ["a"]);
    expectValid(findings);
    expect(findings).toMatchObject({ complete: false, daysAsked: 14, seeds: ["a"] });
    expect(findings.days).toBeGreaterThan(3);
    expect(findings.days).toBeLessThan(14);
    expect(findings.fill).toHaveLength(Math.floor(findings.days));
    expect(findings.recognition[0]?.recall.mean).toBeGreaterThan(0.9);
    expect(findings.energy.total.mean).toBeGreaterThan(0.1);
  });

  test("in its first hours, too", async () => {
    const findings = await abortedAt(0, ["a", "b", "c"]);
    expectValid(findings);
    expect(findings).toMatchObject({ complete: false, daysAsked: 14 });
    // The third was not begun; of the first two one may have come to its end before its first hour.
    expect(findings.seeds.length).toBeGreaterThan(0);
    expect(["a", "b"]).toEqual(expect.arrayContaining([...findings.seeds]));
  });
});

test("the threshold takes in half of the pairs 2 m apart of whom one has turned the back", () => {
  const attenuation = medianAttenuation(2) + bodyLoss(180);
  const shadowing = createShadowing(createRandom("threshold"), 2);
  const losses = Array.from({ length: 5000 }, (_, index) => shadowing.slow(0, 1, 1000 * index));
  const within = losses.filter((loss) => attenuation + loss <= THRESHOLD_DECIBELS).length;
  expect(within / losses.length).toBeCloseTo(0.5, 1);
});
