import { expect, test } from "vitest";
import { intervalAt } from "../../protocol/intervals.ts";
import { DAY, HOUR, MINUTE, MORNING, Rig } from "../support/rig.ts";
import { toHex } from "../support/vectors.ts";

const YEAR = 365 * DAY;

test.each([
  ["a year ahead", YEAR + DAY],
  ["twenty days ahead", 20 * DAY],
  ["three hours back", -3 * HOUR],
  ["a year back", -YEAR],
])("a clock set %s is refused and nothing changes", async (_, change) => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(HOUR);
  const [before, after] = await rig.atDesk(device, async (client) => {
    const before = await client.status();
    await expect(client.setClock(() => rig.world.now + change)).rejects.toMatchObject({
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
  const attempt = rig.atDesk(device, (client) =>
    client.setClock(() => Date.UTC(2019, 11, 31) / 1000),
  );
  await expect(attempt).rejects.toMatchObject({ code: "clock-refused" });
});

test("a clock set an hour back keeps the token silent until no interval is used twice", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(HOUR);
  const used = intervalAt(rig.world.now);
  await rig.atDesk(device, (client) => client.setClock(() => rig.world.now - HOUR));
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

  await rig.atDesk(device, (client) => client.setClock(() => rig.world.now));
  const set = await rig.atDesk(device, (client) => client.status());
  expect(set.clockDoubtful).toBe(false);
  expect(Math.abs(set.time - rig.world.now)).toBeLessThan(120);
});

test("after power losses a clock that has run ahead can be set back", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  for (let bounce = 0; bounce < 30; bounce++) {
    device.powerOff();
    rig.world.run(1);
    device.powerOn();
    rig.world.run(1);
  }
  const ahead = (await rig.atDesk(device, (client) => client.status())).time - rig.world.now;
  expect(ahead).toBeGreaterThan(3 * HOUR);
  await rig.atDesk(device, (client) => client.setClock(() => rig.world.now));
  const { time, clockDoubtful } = await rig.atDesk(device, (client) => client.status());
  expect(clockDoubtful).toBe(false);
  expect(Math.abs(time - rig.world.now)).toBeLessThan(70);
});

test("a lost clock is not set a year ahead", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  device.powerOff();
  device.powerOn();
  const attempt = rig.atDesk(device, (client) => client.setClock(() => rig.world.now + YEAR + DAY));
  await expect(attempt).rejects.toMatchObject({ code: "clock-refused" });
});

test("a token that a desk has given a wrong time can be erased and started anew", async () => {
  const rig = new Rig();
  const device = await rig.token("A");
  await rig.atDesk(device, async (client) => {
    await client.setClock(() => rig.world.now + 300 * DAY);
    await client.setState("on", false);
  });
  const right = rig.atDesk(device, (client) => client.setClock(() => rig.world.now));
  await expect(right).rejects.toMatchObject({ code: "clock-refused" });
  await rig.atDesk(device, (client) => client.erase());
  await rig.atDesk(device, async (client) => {
    await client.setClock(() => rig.world.now);
    await client.setState("on", false);
  });
  expect(device.nrf.onAir()).toBeDefined();
});

test("a first clock that flash does not take leaves the token unset", async () => {
  const rig = new Rig();
  const device = await rig.token("A");
  device.flash.failing = true;
  const attempt = rig.atDesk(device, (client) => client.setClock(() => rig.world.now));
  await expect(attempt).rejects.toMatchObject({ code: "flash-failed" });
  device.flash.failing = false;
  expect((await rig.atDesk(device, (client) => client.status())).lastInterval).toBe(0);
});

test("a small correction does not take the beacon off air", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(HOUR);
  const before = device.nrf.onAir()!;
  await rig.atDesk(device, (client) => client.setClock(() => rig.world.now + 20));
  const after = device.nrf.onAir();
  expect(after).toBeDefined();
  if (toHex(after!.payload) === toHex(before.payload)) expect(after?.address).toBe(before.address);
});

test("a drifting clock is corrected in a new epoch from a minute on, and the beacon stays on air", async () => {
  const rig = new Rig();
  const device = await rig.token("A", 250);
  const first = await rig.atDesk(device, async (client) => {
    await client.setClock(() => rig.world.now);
    await client.setState("on", false);
    return client.status();
  });
  const correct = async (days: number) => {
    rig.world.run(days * DAY);
    const before = toHex(device.nrf.onAir()!.payload);
    const [drifted, corrected] = await rig.atDesk(device, async (client) => {
      const drifted = (await client.status()).time - rig.world.now;
      await client.setClock(() => rig.world.now);
      return [drifted, await client.status()] as const;
    });
    expect(Math.abs(corrected.time - rig.world.now)).toBeLessThan(70);
    expect(corrected.clockDoubtful).toBe(false);
    expect(device.nrf.onAir()).toBeDefined();
    rig.world.run(20 * MINUTE);
    expect(toHex(device.nrf.onAir()!.payload)).not.toBe(before);
    return [drifted, corrected] as const;
  };

  const [small, same] = await correct(1);
  expect(small).toBeLessThan(60);
  expect(same.clockEpoch).toBe(first.clockEpoch);

  const [drifted, corrected] = await correct(3);
  expect(drifted).toBeGreaterThan(60);
  expect(corrected.clockEpoch).toBe(first.clockEpoch + 1);
  const [began, before] = corrected.epochs;
  expect(Math.abs(began!.moved! + drifted)).toBeLessThan(2);
  expect(Math.abs(began!.time - corrected.time)).toBeLessThan(2);
  expect(before).toEqual(first.epochs[0]);
});

test("the latest eight epochs are kept as they began", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const status = () => rig.atDesk(device, (client) => client.status());
  const [first] = (await status()).epochs;
  expect(first).toEqual({ time: MORNING + 4, moved: 0 });
  for (let lost = 0; lost < 7; lost++) {
    device.powerOff();
    device.powerOn();
  }
  const lost = (await status()).epochs;
  expect(lost).toHaveLength(8);
  expect(lost.map(({ moved }) => moved)).toEqual([...Array(7).fill(undefined), 0]);
  expect(lost[7]).toEqual(first);
  await rig.atDesk(device, (client) => client.setClock(() => rig.world.now));
  const set = (await status()).epochs;
  expect(set[0]!.moved).toBeDefined();
  expect(set.slice(1)).toEqual(lost.slice(0, 7));
});
