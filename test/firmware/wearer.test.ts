import { expect, test } from "vitest";
import { dayOf, intervalAt } from "../../protocol/intervals.ts";
import { BLUE, GREEN, RED, SIGNALS, type SignalParts } from "../../protocol/signals.ts";
import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import { connectTo } from "../../simulator/link.ts";
import { DAY, HOUR, MINUTE, Rig } from "../support/rig.ts";

const COLOURS = { red: RED, green: GREEN, blue: BLUE } as const;

/** A flash as somebody sees it: colour, and length in milliseconds. */
type Flash = readonly [colour: number, milliseconds: number];

// What a wearer sees while `action` runs.
function watch(rig: Rig, device: EspruinoDevice, action: () => void): Flash[] {
  const flashes: Flash[] = [];
  const since: Record<string, number> = {};
  device.onLight = (colour, on) => {
    const began = since[colour];
    if (on) since[colour] ??= rig.world.timeline.now;
    else if (began !== undefined) {
      flashes.push([COLOURS[colour], Math.round(rig.world.timeline.now - began)]);
      delete since[colour];
    }
  };
  action();
  device.onLight = () => {};
  return flashes;
}

const flashesOf = ([colour, count, milliseconds]: SignalParts): Flash[] =>
  Array<Flash>(count).fill([colour, milliseconds]);

// A short press: a green light while it lasts, then the signal.
function press(rig: Rig, device: EspruinoDevice): Flash[] {
  const [held, ...signal] = watch(rig, device, () => {
    device.press(0.3);
    rig.world.run(10);
  });
  expect(held).toEqual([GREEN, 300]);
  return signal;
}

const exposure = (rig: Rig, acknowledged: boolean) => ({
  level: 2,
  day: dayOf(intervalAt(rig.world.now)),
  minutes: 30,
  attenuationDb: 60,
  checkedInterval: 1,
  acknowledged,
});

test("signals differ in number from all others, and not in colour alone", () => {
  const counts = Object.values(SIGNALS).map(([, count]) => count);
  expect(new Set(counts).size).toBe(counts.length);
});

test("a short press shows the state", async () => {
  const rig = new Rig();
  const device = await rig.token("A");
  expect(press(rig, device)).toEqual(flashesOf(SIGNALS.needsDesk));
  await rig.atDesk(device, (client) => client.setClock(() => rig.world.now));
  expect(press(rig, device)).toEqual(flashesOf(SIGNALS.paused));
  await rig.atDesk(device, (client) => client.setState("on", false));
  expect(press(rig, device)).toEqual(flashesOf(SIGNALS.on));
  device.battery = 50;
  rig.world.run(HOUR);
  expect(press(rig, device)).toEqual(flashesOf(SIGNALS.lowBattery));
  await rig.atDesk(device, (client) => client.writeExposure(exposure(rig, true)));
  expect(press(rig, device)).toEqual(flashesOf(SIGNALS.exposure));
});

test("a light tells how long the button was held: green at once, blue from 3 seconds on", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const flashes = watch(rig, device, () => {
    device.press(4);
    rig.world.run(100);
  });
  // The blue light goes on with the sync window, for a minute.
  expect(flashes).toEqual([
    [GREEN, 3000],
    [BLUE, 61_000],
  ]);
});

test("ten seconds pause, and resume", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const hold = () =>
    watch(rig, device, () => {
      device.press(11);
      rig.world.run(20);
    });
  expect(hold()).toEqual([[GREEN, 3000], [BLUE, 7000], ...flashesOf(SIGNALS.paused)]);
  expect(device.nrf.onAir()).toBeUndefined();
  expect(() => connectTo(device)).toThrow(/hold its button/);
  device.powerOff();
  device.powerOn();
  expect(device.nrf.onAir()).toBeUndefined();
  const { state } = await rig.atDesk(device, async (client) => {
    await client.setClock(() => rig.world.now);
    return client.status();
  });
  expect(state).toBe("paused");
  expect(hold()).toEqual([[GREEN, 3000], [BLUE, 7000], ...flashesOf(SIGNALS.on)]);
  rig.world.run(10 * MINUTE);
  expect(device.nrf.onAir()).toBeDefined();
});

test("without consent the button switches nothing on", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  await rig.atDesk(device, (client) => client.setState("off", false));
  device.press(11);
  rig.world.run(20);
  expect(device.nrf.onAir()).toBeUndefined();
  expect((await rig.atDesk(device, (client) => client.status())).state).toBe("off");
});

test("an exposure is signalled at once, and every ten minutes by day until it is acknowledged", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const signals = (seconds: number): number =>
    watch(rig, device, () => rig.world.run(seconds)).length / SIGNALS.exposure[1];
  expect(signals(HOUR)).toBe(0);
  let written: Flash[] = [];
  device.press(3.5);
  rig.world.run(4);
  await rig.atDesk(device, async (client) => {
    const flashes: Flash[] = [];
    device.onLight = (colour, on) => {
      if (!on && colour === "red") flashes.push([RED, 0]);
    };
    await client.writeExposure(exposure(rig, false));
    await new Promise<void>((resolve) => {
      rig.world.timers.after(8000, resolve);
    });
    written = flashes;
  });
  expect(written.length).toBeGreaterThanOrEqual(SIGNALS.exposure[1]);
  expect(signals(HOUR)).toBe(6);
  device.powerOff();
  device.powerOn();
  rig.world.run(MINUTE);
  expect(signals(HOUR)).toBe(6);
  // Fifteen hours a day, whatever the time zone.
  expect(signals(DAY)).toBe(15 * 6);
  await rig.atDesk(device, (client) => client.writeExposure(exposure(rig, true)));
  device.battery = 100;
  await rig.atDesk(device, (client) => client.setClock(() => rig.world.now));
  expect(signals(DAY)).toBe(0);
  expect((await rig.atDesk(device, (client) => client.status())).exposure.acknowledged).toBe(true);
});

test("a lost clock and an empty battery are signalled by day, and not while the token is off", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  device.powerOff();
  device.powerOn();
  rig.world.run(MINUTE);
  const day = () => watch(rig, device, () => rig.world.run(DAY));
  expect(day()).toEqual(
    Array(15 * 6)
      .fill(flashesOf(SIGNALS.needsDesk))
      .flat(),
  );
  await rig.atDesk(device, (client) => client.setClock(() => rig.world.now));
  device.battery = 60;
  rig.world.run(HOUR + MINUTE);
  expect(day()).toEqual(
    Array(15 * 6)
      .fill(flashesOf(SIGNALS.lowBattery))
      .flat(),
  );
  await rig.atDesk(device, (client) => client.setState("off", false));
  expect(day()).toEqual([]);
});

test("the blue light stays on as long as a desk may connect, whatever else is signalled", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  // The last signal was blue.
  device.press(11);
  rig.world.run(20);
  const lit = new Map<string, boolean>();
  device.onLight = (colour, on) => lit.set(colour, on);
  device.press(3.5);
  rig.world.run(4);
  device.press(0.3);
  rig.world.run(10);
  expect(lit.get("blue")).toBe(true);
  rig.world.run(60);
  expect(lit.get("blue")).toBe(false);
});

test("release firmware closes the console, NFC and pairing before it does anything else", async () => {
  const rig = new Rig();
  const device = await rig.token("A");
  expect(device.hasConsole).toBe(false);
  expect(device.nrf.hasNfc).toBe(false);
  expect(device.nrf.isPairable).toBe(false);
  expect(device.nrf.hasUart).toBe(false);
});
