import { expect, test } from "vitest";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import { PUCKJS, regionStart } from "../../protocol/flash-layout.ts";
import { dayStart, intervalAt } from "../../protocol/intervals.ts";
import {
  AEMK_INFO,
  cryptMetadata,
  deriveRpi,
  hkdf16,
  RPIK_INFO,
} from "../../protocol/key-schedule.ts";
import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import { connectTo } from "../../simulator/link.ts";
import { DAY, HOUR, MORNING, Rig } from "../support/rig.ts";
import { toHex } from "../support/vectors.ts";

interface OnAir {
  /** When it was first seen, in Unix seconds. */
  from: number;
  address: string;
  payload: string;
}

// Looks every second, and keeps what is new.
function watch(rig: Rig, device: EspruinoDevice, seconds: number): OnAir[] {
  const seen: OnAir[] = [];
  for (let second = 0; second < seconds; second++) {
    rig.world.run(1);
    const onAir = device.nrf.onAir();
    if (!onAir) continue;
    const payload = toHex(onAir.payload);
    const last = seen.at(-1);
    if (last?.address === onAir.address && last.payload === payload) continue;
    seen.push({ from: rig.world.now, address: onAir.address, payload });
  }
  return seen;
}

test("a token that was not provisioned stays silent", async () => {
  const rig = new Rig();
  const device = rig.world.addToken("blank", new Uint8Array(40960).fill(0xff));
  device.powerOn();
  const provisioned = await rig.token("other");
  // The same firmware, but the region and the identity are missing.
  const code = provisioned.flash.bytes.subarray(0, regionStart(PUCKJS));
  device.flash.bytes.set(code);
  device.powerOff();
  device.powerOn();
  device.press(4);
  rig.world.run(5);
  expect(device.nrf.onAir()).toBeUndefined();
});

test("a token whose clock was never set is silent, and cannot be switched on", async () => {
  const rig = new Rig();
  const device = await rig.token("A");
  rig.world.run(HOUR);
  expect(device.nrf.onAir()).toBeUndefined();
  const attempt = rig.atDesk(device, (client) => client.setState("on", false));
  await expect(attempt).rejects.toMatchObject({ code: "clock-not-set" });
  expect(device.nrf.onAir()).toBeUndefined();
});

test("a worn token sends the 28-byte payload, not connectable, every 270 ms", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const onAir = device.nrf.onAir();
  expect(onAir).toMatchObject({ connectable: false, interval: 270 });
  expect(onAir?.payload).toHaveLength(28);
  expect(toHex(onAir!.payload)).toMatch(/^03036ffd17166ffd/);
  expect(onAir?.address).toMatch(/^[c-f]/);
});

test("RPI, AEM and address change together, every 10 to 20 minutes, over midnight too", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const seen = watch(rig, device, 2 * DAY);

  const fields: ((each: OnAir) => string)[] = [
    (each) => each.address,
    (each) => each.payload.slice(16, 48),
    (each) => each.payload.slice(48),
  ];
  for (const field of fields) expect(new Set(seen.map(field)).size).toBe(seen.length);

  const lifetimes = seen.slice(2).map((each, index) => each.from - seen[index + 1]!.from);
  expect(Math.min(...lifetimes)).toBeGreaterThanOrEqual(600 - 1);
  expect(Math.max(...lifetimes)).toBeLessThanOrEqual(1200 + 1);
  const mean = lifetimes.reduce((sum, each) => sum + each, 0) / lifetimes.length;
  expect(mean).toBeGreaterThan(800);
  expect(mean).toBeLessThan(1000);
});

test("each RPI follows from the key of its UTC day, and its AEM holds version and power", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const seen = watch(rig, device, DAY);
  rig.world.run(2 * DAY);
  const keys = await rig.atDesk(device, async (client) => {
    await client.setState("on", true);
    return client.readKeys();
  });
  expect(keys.map((key) => key.rollingStartIntervalNumber)).toEqual([
    dayStart(intervalAt(MORNING)),
    dayStart(intervalAt(MORNING)) + 144,
    dayStart(intervalAt(MORNING)) + 288,
    dayStart(intervalAt(MORNING)) + 432,
  ]);
  expect(new Set(keys.map((key) => toHex(key.keyData))).size).toBe(4);

  for (const { from, payload } of seen) {
    // It is looked for each second, and may have been silent for a scan.
    const [found] = [intervalAt(from), intervalAt(from - 3)].flatMap((interval) => {
      const key = keys.find((each) => each.rollingStartIntervalNumber === dayStart(interval))!;
      const rpik = hkdf16(nodePrimitives, key.keyData, RPIK_INFO);
      const rpi = deriveRpi(nodePrimitives, rpik, interval);
      return toHex(rpi) === payload.slice(16, 48) ? [{ key, rpi }] : [];
    });
    const { key, rpi } = found!;
    const aem = Buffer.from(payload.slice(48), "hex");
    const aemk = hkdf16(nodePrimitives, key.keyData, AEMK_INFO);
    expect(toHex(cryptMetadata(nodePrimitives, aemk, rpi, aem))).toBe("40000000");
  }
});

test("cryptography goes on when memory is in pieces", async () => {
  const rig = new Rig("pieces", MORNING + 15.9 * HOUR);
  const device = await rig.wornToken("A");
  const seen = new Set<string>();
  for (let second = 0; second < HOUR; second++) {
    device.isFragmented = true;
    rig.world.run(1);
    const onAir = device.nrf.onAir();
    if (onAir) seen.add(toHex(onAir.payload));
  }
  // Over midnight, when a new key is due.
  expect(seen.size).toBeGreaterThan(3);
  device.isFragmented = true;
  const { state } = await rig.atDesk(device, async (client) => {
    device.isFragmented = true;
    return client.status();
  });
  expect(state).toBe("on");
});

test("without memory for cryptography the last identifier stays whole, and new ones come as soon as there is", async () => {
  const rig = new Rig("full", MORNING);
  const device = await rig.wornToken("A");
  const [before] = watch(rig, device, 1);
  device.isFull = true;
  // It goes on for a while, unchanged; nothing else is sent.
  expect(watch(rig, device, HOUR).map(({ payload }) => payload)).toEqual([before!.payload]);
  expect(device.nrf.onAir()).toBeUndefined();
  device.isFull = false;
  expect(watch(rig, device, HOUR).length).toBeGreaterThanOrEqual(3);
});

test("while the sync window is open only the service is sent, under an address of its own", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const before = device.nrf.onAir()!;
  device.press(3.5);
  const during = watch(rig, device, 30);
  const window = during.at(-1)!;
  expect(device.nrf.onAir()?.connectable).toBe(true);
  expect(window.payload).toMatch(/^0201061107/);
  expect(window.address).not.toBe(before.address);

  rig.world.run(60);
  const after = device.nrf.onAir()!;
  expect(after.connectable).toBe(false);
  // The same RPI may only come back with the address that it had.
  if (toHex(after.payload) === toHex(before.payload)) expect(after.address).toBe(before.address);
});

test("after a window that ends with a connection, address and identifier still belong together", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const pairs = new Map<string, string>();
  for (let round = 0; round < 10; round++) {
    device.press(3.5);
    rig.world.run(10);
    connectTo(device);
    // Nobody says anything: the token itself ends the connection after a minute.
    for (const { address, payload } of watch(rig, device, 5 * 60)) {
      const known = pairs.get(payload) ?? address;
      expect(address).toBe(known);
      if (payload.length === 56) pairs.set(payload, address);
    }
  }
  expect(pairs.size).toBeGreaterThan(2);
  expect(new Set(pairs.values()).size).toBe(pairs.size);
});

test("off means neither sending nor listening", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  await rig.atDesk(device, (client) => client.setState("off", false));
  let scans = 0;
  const listen = device.onScanStart;
  device.onScanStart = () => {
    scans++;
    listen();
  };
  expect(watch(rig, device, 2 * HOUR)).toEqual([]);
  expect(scans).toBe(0);
});
