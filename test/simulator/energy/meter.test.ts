import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import type { BoardName } from "../../../protocol/flash-layout.ts";
import { ACCOUNTS, CAUSES, type EnergyAccounts } from "../../../simulator/energy/account.ts";
import { EnergyMeter } from "../../../simulator/energy/meter.ts";
import type { Trigger } from "../../../simulator/espruino/activity.ts";
import { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import type { NrfModel } from "../../../simulator/espruino/nrf.ts";
import { createRandom } from "../../../simulator/random.ts";
import { Timeline } from "../../../simulator/timeline.ts";
import { DAY, HOUR, MINUTE, Rig } from "../../support/rig.ts";
import { totalOf } from "./total-of.ts";

const BEACON =
  "NRF.setAdvertising(new Uint8Array(31), { connectable: false, scannable: false, interval:";
const WATCH = "setWatch(() => {}, BTN, {});";

interface Metered {
  readonly timeline: Timeline;
  readonly device: EspruinoDevice;
  readonly meter: EnergyMeter;
}

// A board that is switched on with a script as its boot code.
function metered(script: string, board: BoardName = "puckjs"): Metered {
  const timeline = new Timeline(0);
  const image = buildStorageImage(board, { serial: 1, key: new Uint8Array(16) }, script);
  const device = new EspruinoDevice(timeline, createRandom("device"), image, 0, board);
  const meter = new EnergyMeter(board, timeline, device);
  device.powerOn();
  return { timeline, device, meter };
}

// Mean current over an hour in µA, without the computing that starts a board.
function currentOf(script: string, board?: BoardName): number {
  const { timeline, meter } = metered(script, board);
  meter.reset();
  timeline.runUntil(HOUR * 1000);
  return totalOf(meter.accounts().published) * 1000;
}

function central(device: EspruinoDevice): void {
  expect(device.nrf.connect({ notified: () => {}, disconnected: () => {} })).toBe(true);
}

describe("the published currents of a Puck.js come out", () => {
  test.each([
    ["sleeping", "NRF.sleep();", 3],
    ["watching the button", `NRF.sleep(); ${WATCH}`, 12],
    ["advertising each 375 ms", `${BEACON} 375 });`, 22],
    ["the same, watching the button", `${BEACON} 375 }); ${WATCH}`, 27],
    ["as Espruino boots, connectable", "", 40],
    ["scanning without pause, silent", "NRF.sleep(); NRF.setScan(() => {});", 12_003],
    [
      "scanning a third of the time",
      "NRF.sleep(); NRF.setScan(() => {}, { window: 50, interval: 150 });",
      4003,
    ],
    ["a light", "NRF.sleep(); LED1.write(true);", 1503],
    [
      "two lights, one switched on twice",
      "NRF.sleep(); LED1.write(true); LED1.write(true); LED2.write(true);",
      3003,
    ],
    ["no light any more", "NRF.sleep(); LED1.write(true); LED1.write(false);", 3],
  ])("%s", (_, script, expected) => {
    expect(currentOf(script)).toBeCloseTo(expected, 6);
  });

  test("advertising each 2,000 ms, under 10 µA", () => {
    const current = currentOf(`${BEACON} 2000 });`);
    expect(current).toBeLessThan(10);
    expect(current).toBeGreaterThan(3);
  });

  test("connected, in use and after a minute", () => {
    const { timeline, device, meter } = metered("");
    central(device);
    meter.reset();
    timeline.runUntil(MINUTE * 1000);
    expect(totalOf(meter.accounts().published) * 60).toBeCloseTo(0.6, 2);
    expect(meter.accounts().published.advertising).toBe(0);
    meter.reset();
    timeline.runUntil(HOUR * 1000);
    expect((totalOf(meter.accounts().published) * 60) / 59).toBeCloseTo(0.032, 6);
  });
});

// Mean current over an hour in µA by the chip's account.
function chipCurrentOf(script: string, board?: BoardName): number {
  const { timeline, meter } = metered(script, board);
  meter.reset();
  timeline.runUntil(HOUR * 1000);
  return totalOf(meter.accounts().chip) * 1000;
}

describe("by the chip's currents", () => {
  // 28 bytes: 352 µs on each of three channels, each after 140 µs of ramp-up, and 0.344 ms of the processor at 3,712 µA.
  const event28 = (3 * (0.352 * 7100 + 0.14 * 5538) + 0.344 * 3712) / 1000;

  test.each([
    ["asleep", "NRF.sleep();", 2.2],
    ["watching the button, which takes a PORT event", `NRF.sleep(); ${WATCH}`, 2.2],
    [
      "a beacon each 270 ms",
      `NRF.setAdvertising(new Uint8Array(28), { connectable: false, scannable: false, interval: 270 });`,
      2.2 + (1000 * event28) / 275,
    ],
    [
      "a packet of no bytes each second",
      `NRF.setAdvertising(new Uint8Array(0), { connectable: false, scannable: false, interval: 1000 });`,
      2.2 + (3 * (0.128 * 7100 + 0.14 * 5538) + 0.344 * 3712) / 1005,
    ],
    ["listening without pause, silent", "NRF.sleep(); NRF.setScan(() => {});", 2.2 + 6500 * 0.988],
    [
      "listening a quarter of the time",
      "NRF.sleep(); NRF.setScan(() => {}, { window: 25, interval: 100 });",
      2.2 + 6500 * 0.238,
    ],
    ["a light", "NRF.sleep(); LED1.write(true);", 1502.2],
  ])("%s", (_, script, expected) => {
    expect(chipCurrentOf(script)).toBeCloseTo(expected, 6);
  });

  test("a beacon of 28 bytes takes what was measured of other stacks' on that chip", () => {
    // BlueJoule's captures of an nRF52-DK: 24.3 to 28.7 µJ at 3.3 V for 19 bytes; nine bytes more, at 3 V.
    const more = 3 * 0.072 * 7.1;
    expect(event28).toBeGreaterThan(24.3 / 3.3 + more);
    expect(event28).toBeLessThan(1.05 * (28.7 / 3 + more));
  });

  test("listening takes less while own events drop windows, and answering takes more", () => {
    const on = chipCurrentOf(`${BEACON} 270 }); NRF.setScan(() => {});`);
    const sending = chipCurrentOf(`${BEACON} 270 });`);
    expect((on - sending) / 6500).toBeGreaterThan(0.6);
    expect((on - sending) / 6500).toBeLessThan(0.65);
    const answering = "NRF.setAdvertising(new Uint8Array(31), { interval: 270 });";
    expect(chipCurrentOf(answering) - sending).toBeCloseTo((3 * 0.3 * 6500) / 275, 6);
  });

  test("a Bangle.js has no such account: it is Espruino's", () => {
    const { timeline, meter } = metered("Bangle.setLocked(true);", "banglejs2");
    timeline.runUntil(HOUR * 1000);
    const { published, chip } = meter.accounts();
    expect(chip).toEqual(published);
  });
});

describe("other boards' published currents come out", () => {
  test.each([
    ["a locked Bangle.js 2", "banglejs2", "NRF.sleep(); Bangle.setLocked(true);", 300],
    ["an unlocked one", "banglejs2", "NRF.sleep();", 19_500],
  ] as [string, BoardName, string, number][])("%s", (_, board, script, expected) => {
    expect(currentOf(script, board)).toBeCloseTo(expected, 6);
  });
});

test("without power nothing is drawn, and power brings back no former state", () => {
  const { timeline, device, meter } = metered(`${WATCH} LED1.write(true); NRF.setScan(() => {});`);
  device.powerOff();
  meter.reset();
  timeline.runUntil(DAY * 1000);
  expect(totalOf(meter.accounts().published)).toBe(0);
  device.powerOn();
  expect(meter.accounts().published.cpu).toBeGreaterThan(0);
});

test("a connection in use stays so until a minute after the last value", () => {
  const { timeline, device, meter } = metered(`
    NRF.setServices({ s: { c: { writable: true, value: [0], onWrite: () => {} } } }, { uart: true });`);
  central(device);
  meter.reset();
  timeline.runUntil(50_000);
  device.nrf.write("c", Uint8Array.of(1));
  timeline.runUntil(100_000);
  // The value arrives a connection interval after it was written.
  expect(meter.accounts().published.sync * 3.6e6).toBeCloseTo(597 * 100, 3);
  timeline.runUntil(210_015);
  expect(meter.accounts().published.sync * 3.6e6).toBeCloseTo(597 * 110.015 + 29 * 100, 3);
});

test("flash, cryptography and callbacks are counted with what they cost", () => {
  const { timeline, meter } = metered(`
    setTimeout(() => {
      require("Flash").write(new Uint8Array(12), 0x75ff0);
      require("Flash").erasePage(0x75000);
      require("crypto").SHA256("");
    }, 1000);`);
  meter.reset();
  timeline.runUntil(2000);
  const { cpu, flash } = meter.accounts().published;
  expect((cpu * 3.6e6) / 3997).toBeCloseTo((0.59e6 + 3 * 0.79e6 + 0.33e6) / 64e6, 9);
  expect((flash * 3.6e9) / 3997).toBeCloseTo(3 * 0.041 + 89.7, 6);
});

test("a Bangle.js draws for its motor and each time that its screen is drawn", () => {
  const { timeline, meter } = metered(
    "Bangle.setLocked(true); VIBRATE.write(true); g.clear();",
    "banglejs2",
  );
  timeline.runUntil(1000);
  expect(meter.accounts().published.signals * 3.6e6).toBeCloseTo(80_000 + 200, 6);
});

// Things that may happen to a board, by number.
const STEPS: readonly ((nrf: NrfModel, device: EspruinoDevice) => void)[] = [
  ({ module }) => (module as { sleep(): void }).sleep(),
  ({ module }) => (module as { wake(): void }).wake(),
  ({ module }) => (module as { setScan(heard?: () => void): void }).setScan(() => {}),
  ({ module }) => (module as { setScan(heard?: () => void): void }).setScan(),
  (nrf) => void nrf.connect({ notified: () => {}, disconnected: () => {} }),
  (nrf) => nrf.disconnect(),
  (_, device) => device.press(1),
  (_, device) => {
    device.powerOff();
    device.powerOn();
  },
];
const life = fc.array(fc.tuple(fc.nat({ max: STEPS.length - 1 }), fc.nat({ max: 200_000 })), {
  maxLength: 30,
});

test("whatever happens, no cause is negative, none ever falls, and reading changes nothing", () => {
  fc.assert(
    fc.property(life, fc.array(fc.nat({ max: 3e6 }), { maxLength: 20 }), (steps, readings) => {
      const [read, unread] = [readings, []].map((moments) => {
        const { timeline, device, meter } = metered(
          `${WATCH} setTimeout(() => LED1.write(1), 5000);`,
        );
        let at = 0;
        for (const [step, wait] of steps) {
          timeline.after(at, () => STEPS[step]?.(device.nrf, device));
          at += wait;
        }
        let last: EnergyAccounts | undefined;
        for (const moment of moments) {
          timeline.after(moment, () => {
            const accounts = meter.accounts();
            for (const name of ACCOUNTS) {
              for (const cause of CAUSES) {
                expect(accounts[name][cause]).toBeGreaterThanOrEqual(last?.[name][cause] ?? 0);
              }
            }
            last = accounts;
          });
        }
        timeline.runUntil(7e6);
        return meter.accounts();
      });
      expect(read).toEqual(unread);
    }),
    { numRuns: 50 },
  );
});

test("a meter that is made while the board runs sees what it is doing", () => {
  const { timeline, device } = metered(`${WATCH} ${BEACON} 375 }); NRF.setScan(() => {});`);
  const late = new EnergyMeter("puckjs", timeline, device);
  timeline.runUntil(HOUR * 1000);
  expect(totalOf(late.accounts().published) * 1000).toBeCloseTo(12_027, 6);
});

describe("the bundle, one day alone", () => {
  test("draws what arithmetic says", async () => {
    const rig = new Rig("account");
    const device = await rig.wornToken("A");
    rig.world.run(HOUR);
    const lengths: number[] = [];
    const callbacks: Trigger[] = [];
    let scanningSince: number | undefined;
    const meter = new EnergyMeter("puckjs", rig.world.timeline, device);
    device.observe((activity) => {
      if (activity.what === "script") callbacks.push(activity.trigger);
      if (activity.what !== "scan") return;
      if (scanningSince !== undefined) lengths.push(rig.world.now - scanningSince);
      scanningSince = activity.parameters && rig.world.now;
    });
    rig.world.run(DAY);
    if (scanningSince !== undefined) lengths.push(rig.world.now - scanningSince);
    const account = meter.accounts().published;
    // 7.22 µC for each packet; 3 µA asleep and 5 for the button.
    const packets = DAY / ((device.nrf.onAir()!.interval + 5) / 1000);
    expect((account.advertising * 3.6e6) / (7.22 * packets)).toBeCloseTo(1, 2);
    expect((account.sleep * 3.6e6) / (8 * DAY)).toBeCloseTo(1, 2);
    const length = lengths.reduce((sum, each) => sum + each) / lengths.length;
    expect(length).toBeLessThan(10);
    expect((account.scanning * 3.6e6) / (lengths.length * length * 12_000)).toBeCloseTo(1, 6);
    expect([account.signals, account.sync]).toEqual([0, 0]);
    // Nobody is there to be heard: timers alone run.
    expect(new Set(callbacks)).toEqual(new Set(["timer"]));
    const computing = (account.cpu * 3.6e6) / 3997;
    expect(computing).toBeGreaterThan((callbacks.length * 0.59e6) / 64e6);
    expect(computing).toBeLessThan(60);
  });

  test("a visit draws for its light, the connection and what it computes", async () => {
    const rig = new Rig("visit");
    const device = await rig.wornToken("A");
    const meter = new EnergyMeter("puckjs", rig.world.timeline, device);
    await rig.atDesk(device, (client) => client.status());
    const { signals, sync, cpu } = meter.accounts().published;
    // A blue light for a minute.
    expect(signals / ((1.5 * 64) / 3600)).toBeCloseTo(1, 1);
    expect(sync).toBeGreaterThan(0);
    expect(cpu).toBeGreaterThan(0);
  });
});
