import { expect, test } from "vitest";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import { enrolVisit } from "../../../companion/visit/enrol-visit.ts";
import { RECORD_BYTES } from "../../../protocol/encounter-record.ts";
import { ACCOUNTS, CAUSES, type EnergyAccounts } from "../../../simulator/energy/account.ts";
import { EnergyMeter } from "../../../simulator/energy/meter.ts";
import { exposureMinutes } from "../../../simulator/findings/kept.ts";
import { visitDesks } from "../../../simulator/run/desk-visits.ts";
import { Observation } from "../../../simulator/run/observation.ts";
import type { TokenOutcome } from "../../../simulator/run/outcome.ts";
import { START } from "../../../simulator/scenarios/days.ts";
import { World } from "../../../simulator/world.ts";
import { totalOf } from "../energy/total-of.ts";
import { DAY, recipeOf, runShare, smallTrace, writeSample } from "./small-world.ts";

const recipe = await recipeOf(writeSample("observation.dat", smallTrace(6, 2)), 2);

test.each([3.5, 7])(
  "the account of %s days is what was drawn, and for each week what a visit draws",
  async (days) => {
    const world = new World(START, "observation");
    const identity = { serial: 1, key: new Uint8Array(16) };
    const device = world.addToken("worn", buildStorageImage("puckjs", identity, recipe.firmware));
    device.powerOn();
    await visitDesks(world, [device], (client) => enrolVisit(client, () => world.now));
    const observation = new Observation(0, device, world, recipe);
    const meter = new EnergyMeter("puckjs", world.timeline, device);
    world.run(days * DAY);
    observation.end();
    const lived = meter.accounts();
    meter.reset();
    let visit: EnergyAccounts | undefined;
    const [outcome] = await visitDesks(
      world,
      [device],
      (client) => observation.visit(client),
      () => {
        observation.leave();
        visit = meter.accounts();
      },
    );
    expect(outcome?.seconds).toBe(days * DAY);
    for (const name of ACCOUNTS) {
      const energy = observation.energy[name];
      for (const cause of CAUSES) {
        // Listening and sleeping go on anyway.
        const visits = cause === "scanning" || cause === "sleep" ? 0 : days / 7;
        expect(energy[cause]).toBeCloseTo(lived[name][cause] + visits * visit![name][cause], 12);
        expect(energy[cause]).toBeGreaterThan(0);
      }
      // A connection, and a blue light for more than a minute, were there at the desk only.
      expect([lived[name].sync, lived[name].signals]).toEqual([0, 0]);
      expect(energy.signals).toBeGreaterThan(((days / 7) * 1.5 * 60) / 3600);
      expect(totalOf(energy)).toBeGreaterThan(0.5 * days);
      expect(totalOf(energy)).toBeLessThan(2 * days);
    }
    // After the visit, consent is withdrawn.
    const again = visitDesks(world, [device], (client) => client.readKeys());
    await expect(again).rejects.toThrow(/consent/);
  },
);

test("each token draws for each cause, and leaves its log, keys and the fill of each midnight", async () => {
  const { tokens, days } = await runShare(recipe, "a");
  expect([tokens.length, days]).toEqual([6, 2]);
  for (const token of tokens) {
    const { energy, log, fill, heardMinutes, keys, seconds } = token as TokenOutcome;
    for (const name of ACCOUNTS) {
      for (const cause of CAUSES) expect(energy[name][cause]).toBeGreaterThan(0);
    }
    expect(seconds).toBe(2 * DAY);
    expect(log.length % RECORD_BYTES).toBe(0);
    expect([fill.length, heardMinutes.length]).toEqual([2, 2]);
    expect(fill[1]).toBeGreaterThan(fill[0] as number);
    // Nothing was lost of what was heard; records have whole minutes.
    const held = exposureMinutes(log, START, 2);
    for (const [day, minutes] of heardMinutes.entries()) {
      expect(minutes).toBeGreaterThan(0);
      expect(Math.abs(held[day]! - minutes)).toBeLessThan(0.1 * minutes);
    }
    // The eve, on which it was handed out, two days, and perhaps the morning on which it was read.
    const begins = keys.map(({ rollingStart }) => (rollingStart * 600 - START) / DAY);
    expect([-1, 0, 1, 2]).toEqual(expect.arrayContaining(begins));
    expect(begins.slice(0, 3)).toEqual([-1, 0, 1]);
    expect(keys.every(({ key, rollingPeriod }) => key.length === 16 && rollingPeriod <= 144)).toBe(
      true,
    );
  }
});

test("a run that ends at once leaves tokens that have lived through nothing", async () => {
  const { tokens, days } = await runShare(recipe, "a", { index: 0, of: 1 }, 0);
  expect(days).toBe(0);
  for (const { seconds, fill, log, energy } of tokens) {
    expect([seconds, fill, log.length, totalOf(energy.chip)]).toEqual([0, [], 0, 0]);
  }
});
