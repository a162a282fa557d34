import fc from "fast-check";
import { expect, test } from "vitest";
import { SyncChannel } from "../../companion/token/sync-channel.ts";
import { dayOf, intervalAt } from "../../protocol/intervals.ts";
import {
  BAD_REQUEST,
  ERASE,
  ERASE_LAYOUT,
  EXPOSURE_LAYOUT,
  encode,
  READ_ENCOUNTERS,
  READ_ENCOUNTERS_LAYOUT,
  READ_KEYS,
  SET_CLOCK,
  SET_STATE,
  SET_STATE_LAYOUT,
  STATUS,
  WRITE_EXPOSURE,
} from "../../protocol/messages.ts";
import { REQUEST_CHARACTERISTIC, RESPONSE_CHARACTERISTIC } from "../../protocol/service.ts";
import { cardKeyOf } from "../../simulator/at-desk.ts";
import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import { connectTo } from "../../simulator/link.ts";
import { DAY, flashHolds, HOUR, MINUTE, Rig } from "../support/rig.ts";

// Sends one request in a session of its own, and returns the response.
async function exchange(rig: Rig, device: EspruinoDevice, request: Uint8Array) {
  device.press(3.5);
  rig.world.run(4);
  const link = connectTo(device);
  const visit = async () => {
    const channel = await SyncChannel.open(link, rig.world.timers, cardKeyOf(device));
    return [...(await channel.request(() => request))];
  };
  try {
    return await rig.world.drive(visit());
  } finally {
    link.disconnect();
    rig.world.run(61);
  }
}

test("the token can be connected to only after a long press, and for a minute", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  expect(() => connectTo(device)).toThrow(/hold its button/);
  device.press(1);
  rig.world.run(2);
  expect(() => connectTo(device)).toThrow(/hold its button/);
  device.press(3.5);
  rig.world.run(60);
  connectTo(device).disconnect();
  rig.world.run(61);
  expect(() => connectTo(device)).toThrow(/hold its button/);
});

test("malformed requests are refused or ignored, and change nothing", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const refusal = (tag: number) => [0xff, tag, BAD_REQUEST];
  const withoutLastByte = encode(SET_STATE, 5, SET_STATE_LAYOUT, [0, 0]).subarray(0, 3);
  expect(await exchange(rig, device, Uint8Array.of(99, 4))).toEqual(refusal(4));
  expect(await exchange(rig, device, withoutLastByte)).toEqual(refusal(5));
  expect(await exchange(rig, device, encode(SET_STATE, 6, SET_STATE_LAYOUT, [7, 0]))).toEqual(
    refusal(6),
  );
  expect(await exchange(rig, device, encode(ERASE, 7, ERASE_LAYOUT, [1]))).toEqual(refusal(7));
  const level3 = encode(WRITE_EXPOSURE, 8, EXPOSURE_LAYOUT, [3, 0, 0, 0, 0, 0]);
  expect(await exchange(rig, device, level3)).toEqual(refusal(8));
  await expect(exchange(rig, device, Uint8Array.of(1))).rejects.toMatchObject({
    code: "link-lost",
  });
  expect(device.nrf.onAir()).toBeDefined();
});

test("a position past the end of the log is refused", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const request = encode(READ_ENCOUNTERS, 1, READ_ENCOUNTERS_LAYOUT, [5000]);
  expect(await exchange(rig, device, request)).toEqual([0xff, 1, 4]);
});

test("arbitrary requests never break the token, and change nothing that they may not", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const before = await rig.atDesk(device, (client) => client.status());
  device.press(3.5);
  rig.world.run(4);
  const link = connectTo(device);
  const channel = await rig.world.drive(
    SyncChannel.open(link, rig.world.timers, cardKeyOf(device)),
  );
  // Half of them have a type that the token knows. Requests that are right by chance would be no
  // fault of the token's, so state, exposure and erasure are sent with a byte too many.
  const body = fc.uint8Array({ maxLength: 10 });
  const type = fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(STATUS, READ_ENCOUNTERS, READ_KEYS));
  const known = fc.constantFrom(SET_CLOCK, WRITE_EXPOSURE, SET_STATE, ERASE);
  const request = fc.oneof(
    fc
      .tuple(type, fc.nat({ max: 255 }), body)
      .filter(
        ([first]) => first < 2 || first > 7 || first === READ_ENCOUNTERS || first === READ_KEYS,
      ),
    fc.tuple(known, fc.nat({ max: 255 }), fc.uint8Array({ minLength: 11, maxLength: 40 })),
    fc.tuple(
      fc.constantFrom(SET_STATE, ERASE),
      fc.nat({ max: 255 }),
      fc.uint8Array({ maxLength: 1 }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(request, async ([first, tag, rest]) => {
      const response = await rig.world.drive(
        channel.request(() => Uint8Array.of(first, tag, ...rest)),
      );
      expect(response[1]).toBe(tag);
    }),
    { numRuns: 1500 },
  );
  link.disconnect();
  rig.world.run(61);
  const after = await rig.atDesk(device, (client) => client.status());
  const { time, lastInterval, ...unchanged } = before;
  expect(after).toMatchObject(unchanged);
  expect(after.time).toBeLessThan(rig.world.now + 5);
});

test("a central that keeps talking is cut off after ten minutes, and consent with it", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const talk = rig.atDesk(device, async (client) => {
    await client.setState("on", true);
    for (;;) {
      await client.status();
      await new Promise<void>((resolve) => {
        rig.world.timers.after(30_000, resolve);
      });
    }
  });
  const began = rig.world.now;
  await expect(talk).rejects.toMatchObject({ code: "token-not-found" });
  expect(rig.world.now - began).toBeLessThan(12 * MINUTE);
  expect(device.nrf.onAir()?.connectable).toBe(false);
  expect((await rig.atDesk(device, (client) => client.status())).publishConsent).toBe(false);
});

test("keys are handed out with consent only, and consent ends with the sync window", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(2 * DAY);
  const readKeys = rig.atDesk(device, (client) => client.readKeys());
  await expect(readKeys).rejects.toMatchObject({ code: "consent-missing" });
  const keys = await rig.atDesk(device, async (client) => {
    await client.setState("on", true);
    return client.readKeys();
  });
  // Today's is among them, see `same-day-key.test.ts`.
  expect(keys).toHaveLength(3);
  const again = rig.atDesk(device, (client) => client.readKeys());
  await expect(again).rejects.toMatchObject({ code: "consent-missing" });
});

test("erasing removes keys, log and status, and switches off", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  await rig.wornToken("B");
  rig.sitTogether(["A", "B"], 30, 1);
  rig.world.run(2 * DAY);
  const { keys, log } = await rig.atDesk(a, async (client) => {
    await client.setState("on", true);
    const exposure = {
      level: 2,
      day: 1,
      minutes: 2,
      attenuationDb: 3,
      checkedInterval: 4,
      acknowledged: false,
    };
    await client.writeExposure(exposure);
    return { keys: await client.readKeys(), log: await client.readLog() };
  });
  await rig.atDesk(a, (client) => client.erase());

  for (const key of keys) expect(flashHolds(a, key.keyData)).toBe(false);
  for (let at = 12; at < log.length; at += 12) {
    expect(flashHolds(a, log.subarray(at, at + 7))).toBe(false);
  }
  for (const restart of [false, true]) {
    if (restart) {
      a.powerOff();
      a.powerOn();
    }
    const [status, rest] = await rig.atDesk(a, async (client) => [
      await client.status(),
      await client.readLog(),
    ]);
    expect(status).toMatchObject({ state: "off", exposure: { level: 0, day: 0 } });
    expect(rest).toHaveLength(0);
    expect(a.nrf.onAir()).toBeUndefined();
  }
});

test("the exposure status is gone when its day is more than 14 days ago", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const day = dayOf(intervalAt(rig.world.now));
  const status = {
    level: 2,
    day,
    minutes: 1234,
    attenuationDb: 60,
    checkedInterval: 1,
    acknowledged: false,
  };
  await rig.atDesk(device, (client) => client.writeExposure(status));
  const bytes = Uint8Array.of(2, day & 255, day >> 8, 1234 & 255, 1234 >> 8, 60);
  rig.world.run(14 * DAY);
  expect(flashHolds(device, bytes)).toBe(true);
  rig.world.run(DAY);
  expect(flashHolds(device, bytes)).toBe(false);
  expect((await rig.atDesk(device, (client) => client.status())).exposure.level).toBe(0);
});

test("an erasure that flash did not take is reported, and can be repeated", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  await rig.wornToken("B");
  rig.sitTogether(["A", "B"], 30, 1);
  a.flash.failing = true;
  await expect(rig.atDesk(a, (client) => client.erase())).rejects.toMatchObject({
    code: "erase-incomplete",
  });
  a.flash.failing = false;
  await rig.atDesk(a, (client) => client.erase());
  a.powerOff();
  a.powerOn();
  expect(await rig.atDesk(a, (client) => client.readLog())).toHaveLength(0);
});

test("nothing but the two characteristics is offered, and only one can be written", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  device.press(3.5);
  rig.world.run(4);
  connectTo(device);
  expect(() => device.nrf.write(RESPONSE_CHARACTERISTIC, Uint8Array.of(1))).toThrow();
  expect(() => device.nrf.write(REQUEST_CHARACTERISTIC, new Uint8Array(51))).toThrow();
});

test("an erased page that flash did not let go of is erased within the hour", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  rig.world.run(2 * DAY);
  const keys = await rig.atDesk(a, async (client) => {
    await client.setState("on", true);
    return client.readKeys();
  });
  const { module } = a.flash;
  const erasePage = module.erasePage;
  // The state is written, but no page can be erased.
  module.erasePage = () => {};
  const attempt = rig.atDesk(a, (client) => client.erase());
  await expect(attempt).rejects.toMatchObject({ code: "erase-incomplete" });
  // It is off all the same.
  expect(a.nrf.onAir()).toBeUndefined();
  expect(keys.some((key) => flashHolds(a, key.keyData))).toBe(true);
  module.erasePage = erasePage;
  // Without a clock there is no housekeeping of records, but of pages there is.
  rig.world.run(2 * HOUR);
  expect(keys.some((key) => flashHolds(a, key.keyData))).toBe(false);
  expect((await rig.atDesk(a, (client) => client.status())).state).toBe("off");
});
