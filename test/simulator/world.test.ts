import fc from "fast-check";
import { expect, test } from "vitest";
import { medianAttenuation, WALL_LOSS } from "../../simulator/air/path-loss.ts";
import { createRadio, type Place } from "../../simulator/radio.ts";
import { createRandom } from "../../simulator/random.ts";
import { Timeline } from "../../simulator/timeline.ts";
import { World } from "../../simulator/world.ts";
import { HOUR, Rig } from "../support/rig.ts";

const at = (x: number, room = "room"): Place => ({ site: "site", room, x, y: 0 });

test("events happen in order of time, then of making, whatever the order of making", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 50 }), { maxLength: 200 }), (delays) => {
      const timeline = new Timeline(0);
      const happened: [number, number][] = [];
      for (const [index, delay] of delays.entries()) {
        timeline.after(delay, () => happened.push([timeline.now, index]));
      }
      timeline.runUntil(100);
      const expected = delays.map((delay, index) => [delay, index] as [number, number]);
      expect(happened).toEqual(expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
      expect(timeline.now).toBe(100);
    }),
  );
});

test("a cancelled event does not happen, and events may make events", () => {
  const timeline = new Timeline(0);
  const happened: string[] = [];
  const cancelled = timeline.after(5, () => happened.push("cancelled"));
  timeline.after(1, () => timeline.after(1, () => happened.push("second")));
  timeline.cancel(cancelled);
  timeline.runUntil(10);
  expect(happened).toEqual(["second"]);
});

test("random numbers repeat for a name, differ between names, and are spread as they should be", () => {
  const draw = (name: string) => Array.from({ length: 5 }, createRandom(name).uint32);
  expect(draw("a")).toEqual(draw("a"));
  expect(draw("a")).not.toEqual(draw("b"));
  const random = createRandom("spread");
  const uniform = Array.from({ length: 10_000 }, random.uniform);
  const normal = Array.from({ length: 10_000 }, random.normal);
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  expect(mean(uniform)).toBeCloseTo(0.5, 1);
  expect(mean(normal)).toBeCloseTo(0, 1);
  expect(mean(normal.map((value) => value * value))).toBeCloseTo(1, 1);
});

test("signal strength falls with distance and walls, is the same both ways, and ends with the site", () => {
  const radio = createRadio(createRandom("radio"));
  const rssi = (x: number, room = "room") => radio.meanRssi("a", at(0), "b", at(x, room), 0)!;
  expect(rssi(1) - rssi(3)).toBeCloseTo(medianAttenuation(3) - medianAttenuation(1));
  expect(rssi(1) - rssi(10)).toBeCloseTo(medianAttenuation(10) - medianAttenuation(1));
  expect(rssi(3) - rssi(3, "other")).toBe(WALL_LOSS);
  expect(radio.meanRssi("b", at(3), "a", at(0), 0)).toBeCloseTo(rssi(3));
  expect(radio.meanRssi("a", at(0), "b", { ...at(1), site: "elsewhere" }, 0)).toBeUndefined();
  expect(radio.meanRssi("a", at(0), "b", at(3000), 0)).toBeUndefined();
});

test("packets are lost at the edge of reach, hardly any near by", () => {
  const radio = createRadio(createRandom("loss"));
  const received = (mean: number) =>
    Array.from({ length: 2000 }, () => radio.packetRssi(mean)).filter((rssi) => rssi !== undefined)
      .length / 2000;
  expect(received(-60)).toBeGreaterThan(0.9);
  expect(received(-96)).toBeGreaterThan(0.3);
  expect(received(-96)).toBeLessThan(0.7);
  expect(received(-110)).toBeLessThan(0.02);
});

test("half a scan window hears half of the packets", async () => {
  // 100 ms of listening in every 200 ms instead of all the time.
  const heardWith = async (window: number): Promise<number> => {
    const rig = new Rig("window");
    const sender = await rig.wornToken("sender");
    const listener = await rig.token("listener");
    for (const name of ["sender", "listener"]) rig.world.move(name, at(name === "sender" ? 1 : 0));
    let heard = 0;
    const nrf = listener.nrf.module as { setScan(callback?: () => void, options?: object): void };
    (listener.nrf.module as { sleep(): void }).sleep();
    nrf.setScan(() => heard++, { window, interval: 200 });
    expect(sender.nrf.onAir()).toBeDefined();
    rig.world.run(600);
    nrf.setScan();
    return heard;
  };
  const [all, half] = [await heardWith(200), await heardWith(100)];
  expect(all).toBeGreaterThan(2000);
  expect(half / all).toBeGreaterThan(0.45);
  expect(half / all).toBeLessThan(0.55);
});

test("a world repeats exactly for its seed", async () => {
  const run = async (seed: string): Promise<string> => {
    const rig = new Rig(seed);
    const a = await rig.wornToken("A");
    await rig.wornToken("B");
    rig.sitTogether(["A", "B"], 45, 2);
    rig.world.run(HOUR);
    return Buffer.from(a.flash.bytes).toString("base64");
  };
  const first = await run("same");
  expect(await run("same")).toBe(first);
  expect(await run("other")).not.toBe(first);
});

test("virtual time stands still while a promise waits for the real world", async () => {
  const world = new World(1_000_000, "drive");
  world.timeline.after(1000, () => {});
  await world.drive(new Promise((resolve) => setImmediate(resolve)));
  expect(world.now).toBe(1_000_000);
  await world.drive(
    new Promise<void>((resolve) => {
      world.timers.after(5000, resolve);
    }),
  );
  expect(world.now).toBe(1_000_005);
});
