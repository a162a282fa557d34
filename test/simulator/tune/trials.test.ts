import { describe, expect, test } from "vitest";
import { buildFirmware } from "../../../firmware/build/bundle.ts";
import * as RELEASED from "../../../firmware/scan-plan.ts";
import { allTrials, NUMBERED, RELEASED_PLAN, trialName } from "../../../simulator/tune/trials.ts";

const trials = allTrials();
const release = await buildFirmware("puckjs");

test("the release is first, and no other schedule is the same as it or as another one", () => {
  const plans = trials.map(({ plan }) =>
    JSON.stringify(Object.entries({ ...RELEASED_PLAN, ...plan }).sort()),
  );
  expect(trials[0]).toMatchObject({ family: "release", plan: {} });
  expect(new Set(plans).size).toBe(trials.length);
  expect(new Set(trials.map(trialName)).size).toBe(trials.length);
});

test("numbers of schedules are ones that the scan plan has", () => {
  for (const { plan, name } of trials) {
    for (const each of Object.keys(plan)) expect(Object.keys(RELEASED), name).toContain(each);
  }
});

test("scans come no more often alone than among others, and no pause is negative", () => {
  for (const trial of trials) {
    const plan = { ...RELEASED, ...trial.plan };
    const name = trialName(trial);
    expect(plan.SHORTEST_SECONDS, name).toBeLessThanOrEqual(plan.SUSTAINED_SECONDS);
    expect(plan.ALONE_SECONDS, name).toBeGreaterThanOrEqual(plan.SUSTAINED_SECONDS);
    expect(plan.SHORTEST_SECONDS - plan.JITTER_SECONDS, name).toBeGreaterThan(0);
  }
});

test("what is told apart by one number differs in it from the release", () => {
  for (const { family, plan } of trials) {
    const name = NUMBERED[family]?.name;
    if (name) expect(plan[name]).not.toBe(RELEASED_PLAN[name]);
  }
});

describe("bundles", () => {
  test("with the release's own numbers one is the release's, byte for byte", async () => {
    expect(await buildFirmware("puckjs", RELEASED_PLAN)).toBe(release);
  });

  test("each family's first one is another one", async () => {
    const families = new Map([...trials].reverse().map((trial) => [trial.family, trial]));
    families.delete("release");
    for (const { plan, name } of families.values()) {
      expect(await buildFirmware("puckjs", plan), name).not.toBe(release);
    }
  });

  test("a number that the scan plan does not have is refused", async () => {
    await expect(
      buildFirmware("puckjs", Object.fromEntries([["SCAN_SECONDS", 1]])),
    ).rejects.toThrow("The scan plan has no SCAN_SECONDS");
  });
});
