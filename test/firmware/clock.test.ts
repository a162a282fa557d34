import { expect, test } from "vitest";
import { intervalAt } from "../../protocol/intervals.ts";
import { DAY, HOUR, MINUTE, Rig } from "../support/rig.ts";
import { toHex } from "../support/vectors.ts";

const YEAR = 365 * DAY;

test.each([
  ["a year ahead", YEAR + DAY],
  ["three hours back", -3 * HOUR],
  ["a year back", -YEAR],
])("a clock set %s is refused and nothing changes", async (_, change) => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(HOUR);
  const [before, after] = await rig.atDesk(device, async (client) => {
    const before = await client.status();
    await expect(client.setClock(rig.world.now + change)).rejects.toMatchObject({
      code: "clock-refused",
    });
    return [before, await client.status()];
  });
  expect(after).toEqual({ ...before, time: after?.time });
  expect(Math.abs(after!.time - before!.time)).toBeLessThan(5);
});

test("a first clock before 2020 is refused", async () => {
  const rig = new Rig();
  const device = await rig.token("A");
  const attempt = rig.atDesk(device, (client) => client.setClock(Date.UTC(2019, 11, 31) / 1000));
  await expect(attempt).rejects.toMatchObject({ code: "clock-refused" });
});

test("a clock set an hour back keeps the token silent until no interval is used twice", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(HOUR);
  const used = intervalAt(rig.world.now);
  await rig.atDesk(device, (client) => client.setClock(rig.world.now - HOUR));
  expect(device.nrf.onAir()).toBeUndefined();
  // The identifier on air at the change was at most 20 minutes old.
  rig.world.run(35 * MINUTE);
  expect(device.nrf.onAir()).toBeUndefined();
  rig.world.run(30 * MINUTE);
  expect(device.nrf.onAir()).toBeDefined();
  const { lastInterval } = await rig.atDesk(device, (client) => client.status());
  expect(lastInterval).toBeGreaterThanOrEqual(used - 1);
});

test("after a power loss it goes on with an unused interval, in a new epoch, and says so", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const sent = new Set<string>();
  const before = await rig.atDesk(device, (client) => client.status());
  for (let round = 0; round < 20; round++) {
    rig.world.run(7 * MINUTE);
    device.powerOff();
    rig.world.run(3 * HOUR);
    device.powerOn();
    const rpi = toHex(device.nrf.onAir()!.payload.subarray(11, 27));
    expect(sent).not.toContain(rpi);
    sent.add(rpi);
  }
  const after = await rig.atDesk(device, (client) => client.status());
  expect(after.clockDoubtful).toBe(true);
  expect(after.clockEpoch).toBe(before.clockEpoch + 20);
  expect(after.lastInterval).toBeGreaterThan(before.lastInterval);
  expect(after.time).toBeLessThan(rig.world.now);

  await rig.atDesk(device, (client) => client.setClock(rig.world.now));
  const set = await rig.atDesk(device, (client) => client.status());
  expect(set.clockDoubtful).toBe(false);
  expect(Math.abs(set.time - rig.world.now)).toBeLessThan(120);
});

test("a drifting clock is corrected without starting a new epoch", async () => {
  const rig = new Rig();
  const device = await rig.token("A", 250);
  const first = await rig.atDesk(device, async (client) => {
    await client.setClock(rig.world.now);
    return client.status();
  });
  rig.world.run(3 * DAY);
  const [drifted, corrected] = await rig.atDesk(device, async (client) => {
    const drifted = (await client.status()).time - rig.world.now;
    await client.setClock(rig.world.now);
    return [drifted, await client.status()] as const;
  });
  expect(drifted).toBeGreaterThan(60);
  expect(Math.abs(corrected.time - rig.world.now)).toBeLessThan(70);
  expect(corrected.clockEpoch).toBe(first.clockEpoch);
});
