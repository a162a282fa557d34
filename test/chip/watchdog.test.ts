import { afterEach, describe, expect, test } from "vitest";
import { decodeLog } from "../../protocol/encounter-log.ts";
import type { Chip } from "../../simulator/chip/chip.ts";
import { PATIENT, step, tell } from "./steps.ts";
import { boot, bootSwitchedOn, NO_CHIP, NO_SOFTDEVICE, switchOn, visit } from "./token.ts";

const HOUR = 3_600_000;
const WATCHDOG = 600;
/** Ticks of its clock until the reset, and the command's own. */
const TOLERANCE = 1;
const BOOT_MILLISECONDS = 5000;

let chip: Chip | undefined;
afterEach(() => chip?.end());

/** Hangs the processor; returns the seconds until the watchdog has restarted it. */
async function hang(token: Chip): Promise<number> {
  const { time } = token.state;
  await token.hang();
  const reset = await step(token, "hung", () =>
    token.runUntil("reset", 1000 * (WATCHDOG + TOLERANCE)),
  );
  expect(reset?.cause).toBe("watchdog");
  await token.run(BOOT_MILLISECONDS);
  return (reset?.time ?? Infinity) - time;
}

const look = (token: Chip) =>
  visit(token, async (client) => {
    const status = await client.status();
    return {
      at: token.state.time,
      status,
      log: decodeLog(await client.readLog(undefined, status)),
    };
  });

const readKeys = (token: Chip) =>
  visit(token, async (client) => {
    await client.setState("on", true);
    return client.readKeys();
  });

describe.skipIf(NO_CHIP)("what hangs", { timeout: PATIENT }, () => {
  test("is restarted within ten minutes, and goes on as it was", async () => {
    chip = await boot("application");
    const token = chip;
    await switchOn(token);
    await token.setNeighbours(5);
    await step(token, "an hour among 5", () => token.run(HOUR));
    const before = await look(token);
    const keys = await readKeys(token);
    await token.run(HOUR / 2);
    await token.setNeighbours(0);

    const waited = await hang(token);
    tell(`the watchdog came after ${waited.toFixed(1)} s`);
    expect(waited).toBeLessThanOrEqual(WATCHDOG + TOLERANCE);
    expect(token.state.dcdc).toBe(1);
    token.events.splice(0);
    await token.run(HOUR);
    expect(token.eventsOf("advertise").length).toBeGreaterThan(10);
    expect(token.eventsOf("scan").length).toBeGreaterThan(5);

    const after = await look(token);
    expect(after.status).toMatchObject({
      state: "on",
      clockDoubtful: false,
      clockEpoch: before.status.clockEpoch,
      restarts: before.status.restarts + 1,
      failures: 0,
    });
    // The clock stands still while it hangs, for five to ten minutes; then it is set ahead by what that is on average.
    const behind = after.at - before.at - (after.status.time - before.status.time);
    tell(`the clock is ${behind.toFixed(0)} s behind after it`);
    expect(Math.abs(behind)).toBeLessThan(WATCHDOG / 4 + 2);
    expect(after.log.slice(0, before.log.length)).toEqual(before.log);
    expect(after.log.length).toBeGreaterThan(before.log.length);
    // Today's key was cut short for a desk before, and there is one more now at most.
    const kept = (await readKeys(token)).map(({ keyData }) => Buffer.from(keyData).toString("hex"));
    for (const { keyData } of keys) expect(kept).toContain(Buffer.from(keyData).toString("hex"));
  });

  test("is counted each time", async () => {
    chip = await boot("application");
    await switchOn(chip);
    for (const restarts of [1, 2, 3]) {
      await hang(chip);
      expect((await look(chip)).status.restarts).toBe(restarts);
    }
    await chip.reset("power");
    await chip.run(BOOT_MILLISECONDS);
    expect((await look(chip)).status).toMatchObject({ restarts: 3, clockDoubtful: true });
  });

  test.for(["soft", "pin"] as const)("a %s reset keeps clock and converter", async (kind) => {
    chip = await boot("application");
    await switchOn(chip);
    await chip.reset(kind);
    await chip.run(BOOT_MILLISECONDS);
    expect(chip.state.dcdc).toBe(1);
    const { status } = await look(chip);
    expect(status).toMatchObject({ state: "on", clockDoubtful: false, clockEpoch: 1, restarts: 0 });
  });

  test("no work of its own comes near ten minutes", async () => {
    chip = await boot("application");
    const token = chip;
    await switchOn(token);
    await token.setNeighbours(60);
    await token.forgetExtremes();
    let merges = 0;
    for (let hour = 0; hour < 6 && merges < 3; hour++) {
      await step(token, "an hour among 60", () => token.run(HOUR));
      merges += token.eventsOf("erase").length;
      token.events.splice(0);
    }
    const { awake } = token.state;
    tell(`longest time without sleep: ${awake.toFixed(2)} s, in ${merges} erased pages`);
    expect(merges).toBeGreaterThanOrEqual(3);
    expect(10 * awake).toBeLessThan(WATCHDOG);
  });
});

describe.skipIf(NO_SOFTDEVICE)("with the real SoftDevice", { timeout: PATIENT }, () => {
  test("each reset leaves the radio on its converter, and the token on air", async () => {
    chip = await bootSwitchedOn("radio");
    const token = chip;
    expect(token.state.dcdc).toBe(1);
    for (const kind of ["soft", "pin", "watchdog"] as const) {
      if (kind === "watchdog") await hang(token);
      else await token.reset(kind);
      await token.run(BOOT_MILLISECONDS);
      expect([kind, token.state.dcdc]).toEqual([kind, 1]);
      await token.trace(true);
      token.events.splice(0);
      // The present interval may be used up: then the next one comes first.
      await token.runUntil("transmitted", 2 * HOUR);
      expect(await token.runUntil("transmitted", 1000)).toMatchObject({ random: true });
      await token.trace(false);
      expect(await token.runUntil("scan", HOUR)).toMatchObject({ result: 0 });
    }
  });
});
