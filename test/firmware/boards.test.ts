import { describe, expect, test } from "vitest";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import type { ExposureStatus } from "../../companion/token/token-client.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { type BoardName, LAYOUTS } from "../../protocol/flash-layout.ts";
import { dayStart, INTERVALS_PER_DAY, intervalAt } from "../../protocol/intervals.ts";
import { deriveRpi, hkdf16, RPIK_INFO } from "../../protocol/key-schedule.ts";
import { LEVEL_HIGH } from "../../protocol/messages.ts";
import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import { DAY, HOUR, MINUTE, MORNING, Rig } from "../support/rig.ts";
import { toHex } from "../support/vectors.ts";

const BOARDS = Object.keys(LAYOUTS) as BoardName[];
const identity = { serial: 7, key: new Uint8Array(16) };
const bundles = new Map(
  await Promise.all(BOARDS.map(async (board) => [board, await buildFirmware(board)] as const)),
);

function provisioned(rig: Rig, board: BoardName): EspruinoDevice {
  const image = buildStorageImage(board, identity, bundles.get(board)!);
  const device = rig.world.addToken(board, image, 0, board);
  device.powerOn();
  return device;
}

async function worn(rig: Rig, board: BoardName): Promise<EspruinoDevice> {
  const device = provisioned(rig, board);
  await rig.atDesk(device, async (client) => {
    await client.setClock(() => rig.world.now);
    await client.setState("on", false);
  });
  return device;
}

function highRisk(rig: Rig): ExposureStatus {
  const interval = intervalAt(rig.world.now);
  return {
    level: LEVEL_HIGH,
    day: Math.floor(interval / INTERVALS_PER_DAY) - 1,
    minutes: 30,
    attenuationDb: 50,
    checkedInterval: interval,
    acknowledged: true,
  };
}

/** What is switched while `action` goes on: names of lights or of the motor, and for how many milliseconds. */
function switched(rig: Rig, device: EspruinoDevice, action: () => void): [string, number][] {
  const flashes: [string, number][] = [];
  const since = new Map<string, number>();
  const record = (name: string, on: boolean): void => {
    const began = since.get(name);
    if (on) since.set(name, rig.world.now);
    else since.delete(name);
    if (!on && began !== undefined) {
      flashes.push([name, Math.round((rig.world.now - began) * 1000)]);
    }
  };
  device.onLight = record;
  device.onMotor = (on) => record("motor", on);
  action();
  return flashes;
}

/** Presses shortly; the first flash is the button's own. */
function pressed(rig: Rig, device: EspruinoDevice): [string, number][] {
  return switched(rig, device, () => {
    device.press(0.5);
    rig.world.run(20);
  }).slice(1);
}

describe.each(BOARDS)("%s", (board) => {
  test("is enrolled, and broadcasts the RPIs of the keys that it hands over", async () => {
    const rig = new Rig(board);
    const device = await worn(rig, board);
    rig.world.run(MINUTE);
    expect(device.nrf.txPower).toBe(0);
    const payload = device.nrf.onAir()!.payload;
    const interval = intervalAt(rig.world.now);
    rig.world.run(2 * DAY);
    const keys = await rig.atDesk(device, async (client) => {
      await client.setState("on", true);
      return client.readKeys();
    });
    const key = keys.find((each) => each.rollingStartIntervalNumber === dayStart(interval))!;
    const rpik = hkdf16(nodePrimitives, key.keyData, RPIK_INFO);
    const candidates = [interval, interval - 1].map((each) =>
      toHex(deriveRpi(nodePrimitives, rpik, each)),
    );
    expect(candidates).toContain(toHex(payload.subarray(8, 24)));
  });

  test("logs a neighbour, and keeps the log over a power cut", async () => {
    const rig = new Rig(board);
    const device = await worn(rig, board);
    await rig.wornToken("neighbour");
    rig.sitTogether([board, "neighbour"], 20, 1);
    device.powerOff();
    device.powerOn();
    const encounters = decodeLog(await rig.atDesk(device, (client) => client.readLog()));
    expect(encounters.length).toBeGreaterThan(0);
    expect(encounters[0]!.interval).toBeGreaterThanOrEqual(intervalAt(MORNING));
  });

  test("tells state and exposure apart by number and length alone", async () => {
    const rig = new Rig(board);
    const device = await worn(rig, board);
    expect(pressed(rig, device).map(([, length]) => length)).toEqual([400]);
    await rig.atDesk(device, (client) => client.setState("paused", false));
    expect(pressed(rig, device).map(([, length]) => length)).toEqual([400, 400]);
    await rig.atDesk(device, (client) => client.writeExposure(highRisk(rig)));
    expect(pressed(rig, device).map(([, length]) => length)).toEqual([1000, 1000, 1000]);
  });

  test("tells of a low battery, and of no full one", async () => {
    const rig = new Rig(board);
    const device = await worn(rig, board);
    device.battery = 10;
    rig.world.run(HOUR);
    expect(pressed(rig, device).map(([, length]) => length)).toEqual([100, 100, 100, 100, 100]);
  });

  test("pauses when its button is held for 10 seconds", async () => {
    const rig = new Rig(board);
    const device = await worn(rig, board);
    device.press(11);
    rig.world.run(20);
    expect(device.nrf.onAir()).toBeUndefined();
  });
});

test("a Bangle.js has its motor in the place of lights", async () => {
  const rig = new Rig("banglejs2");
  const device = await worn(rig, "banglejs2");
  const names = pressed(rig, device).map(([name]) => name);
  expect([...new Set(names)]).toEqual(["motor"]);
});

describe("the screen of a Bangle.js 2", () => {
  const words = (device: EspruinoDevice): string | undefined => device.bangle.texts.at(-1);

  test("asks for a desk, and shows no time, before its clock is set", () => {
    const rig = new Rig();
    const device = provisioned(rig, "banglejs2");
    rig.world.run(1);
    expect(device.bangle.texts).toEqual(["BRING TO\nTHE CLINIC"]);
    expect(device.bangle.polygons).toBe(2);
  });

  test("shows the minute in the desk's time zone, and draws once a minute", async () => {
    const rig = new Rig();
    const device = await worn(rig, "banglejs2");
    const { texts } = device.bangle;
    const hours = Math.floor(
      (-new Date(rig.world.now * 1000).getTimezoneOffset() / 60 + 8 + 24) % 24,
    );
    expect(texts).toEqual([`${String(hours).padStart(2, "0")}:01`, "ON"]);
    rig.world.run(54);
    expect(device.bangle.texts).toBe(texts);
    rig.world.run(3);
    expect(device.bangle.texts[0]).toMatch(/:02$/);
  });

  test("shows what the wearer chose, an open window, and an exposure before all else", async () => {
    const rig = new Rig();
    const device = await worn(rig, "banglejs2");
    await rig.atDesk(device, async (client) => {
      await client.setState("paused", false);
      expect(words(device)).toBe("CLINIC\nMAY READ");
    });
    expect(words(device)).toBe("PAUSED");
    await rig.atDesk(device, (client) => client.setState("off", false));
    expect(words(device)).toBe("OFF");
    device.battery = 10;
    rig.world.run(HOUR);
    expect(words(device)).toBe("CHARGE");
    await rig.atDesk(device, (client) => client.writeExposure(highRisk(rig)));
    expect(words(device)).toBe("GO TO\nTHE CLINIC");
  });

  test("the motor rests while the sync window is open", async () => {
    const rig = new Rig();
    const device = await worn(rig, "banglejs2");
    const flashes = switched(rig, device, () => {
      device.press(3.5);
      rig.world.run(30);
    });
    for (const [, length] of flashes) expect(length).toBeLessThanOrEqual(1000);
    expect(device.nrf.onAir()?.connectable).toBe(true);
  });
});
