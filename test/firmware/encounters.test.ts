import { expect, test } from "vitest";
import { decodeLog, type Encounter } from "../../protocol/encounter-log.ts";
import { PAGE_BYTES } from "../../protocol/flash-layout.ts";
import { intervalAt } from "../../protocol/intervals.ts";
import {
  encode,
  ON,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
} from "../../protocol/messages.ts";
import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import { clearAir } from "../support/clear-air.ts";
import { DAY, flashHolds, HOUR, MINUTE, MORNING, Rig } from "../support/rig.ts";
import { boot, type Firmware } from "../support/token/boot.ts";
import type { Operation } from "../support/token/flash.ts";
import { heardFrom, Machine } from "../support/token/machine.ts";
import { toHex } from "../support/vectors.ts";

const readLog = async (rig: Rig, device: EspruinoDevice): Promise<Encounter[]> =>
  decodeLog(await rig.atDesk(device, (client) => client.readLog()));

const minutesOf = (encounters: readonly Encounter[]): number =>
  encounters.reduce((sum, each) => sum + each.minutes, 0);

test("sightings are folded into encounters with time, length and signal strength", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  const b = await rig.wornToken("B");
  let together = false;
  // Two beacons in each scan, one stronger than the other.
  clearAir(rig, a, () =>
    together
      ? [
          [b, -64],
          [b, -60],
        ]
      : [],
  );
  rig.world.run(HOUR);
  const began = intervalAt(rig.world.now);
  const rpis = new Set<string>();
  together = true;
  for (let minute = 0; minute < 60; minute++) {
    rpis.add(toHex(b.nrf.onAir()!.payload.subarray(8, 15)));
    rig.world.run(MINUTE);
  }
  together = false;
  rig.world.run(10 * MINUTE);

  const log = await readLog(rig, a);
  expect(Math.abs(minutesOf(log) - 60)).toBeLessThanOrEqual(5);
  for (const each of log) {
    expect(rpis).toContain(toHex(each.rpiPrefix));
    expect(each.interval).toBeGreaterThanOrEqual(began);
    expect(each.interval).toBeLessThanOrEqual(began + 7);
    expect([each.meanRssi, each.bestRssi]).toEqual([-62, -60]);
  }
});

test("nobody near leaves no record", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(2 * DAY);
  expect(await readLog(rig, device)).toEqual([]);
});

test("sixty neighbours at once are all kept", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const others = Array.from({ length: 60 }, (_, index) => `other ${index}`);
  for (const name of others) await rig.wornToken(name);
  for (const name of ["A", ...others]) {
    rig.world.move(name, { site: "hall", room: "hall", x: 0, y: name === "A" ? 0 : 2 });
  }
  rig.world.run(10 * MINUTE);
  const log = await readLog(rig, device);
  expect(new Set(log.map((each) => toHex(each.rpiPrefix))).size).toBeGreaterThanOrEqual(60);
});

test("at most the sightings of the last five minutes are lost when power fails", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  const b = await rig.wornToken("B");
  const scans = clearAir(rig, a, () => [[b, -60]]);
  for (let hour = 0; hour < 8; hour++) {
    rig.world.run(HOUR + 70 * hour);
    a.powerOff();
    const lost = rig.world.now - 5 * MINUTE;
    a.powerOn();
    // Each scan stands for half of the time since the one before, and half of the time until the next.
    const kept = scans.filter(({ end }) => end <= lost).length - 1;
    const seconds = (scans[kept]!.end + scans[kept + 1]!.begin - 2 * scans[0]!.end) / 2;
    expect(minutesOf(await readLog(rig, a))).toBeGreaterThanOrEqual(seconds / 60 - 1);
    await rig.atDesk(a, async (client) => {
      await client.erase();
      await client.setClock(() => rig.world.now);
      await client.setState("on", false);
    });
    scans.length = 0;
  }
});

test("encounters and keys older than 14 days are gone, from flash too", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  await rig.wornToken("B");
  rig.sitTogether(["A", "B"], 30, 1);
  rig.world.run(3 * DAY);
  const consented = (device: EspruinoDevice) =>
    rig.atDesk(device, async (client) => {
      await client.setState("on", true);
      return client.readKeys();
    });
  const early = await readLog(rig, a);
  const [firstKey] = await consented(a);
  expect(early.length).toBeGreaterThan(0);
  for (const each of early) expect(flashHolds(a, each.rpiPrefix)).toBe(true);
  expect(flashHolds(a, firstKey!.keyData)).toBe(true);

  rig.sitTogether(["A", "B"], 30, 1);
  rig.world.run(10.5 * DAY);
  expect((await readLog(rig, a)).length).toBeGreaterThan(0);
  rig.world.run(0.6 * DAY);
  const late = await readLog(rig, a);
  expect(late.length).toBeGreaterThan(0);
  for (const each of early) expect(flashHolds(a, each.rpiPrefix)).toBe(false);

  rig.world.run(DAY);
  expect(flashHolds(a, firstKey!.keyData)).toBe(false);
  // Of 14 days, and what was cut short on the third.
  expect(await consented(a)).toHaveLength(15);
});

test("data ages out of a token that is switched off, too", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  await rig.wornToken("B");
  rig.sitTogether(["A", "B"], 30, 1);
  const log = await readLog(rig, a);
  await rig.atDesk(a, (client) => client.setState("off", false));
  rig.world.run(14 * DAY + 2 * HOUR);
  expect(await readLog(rig, a)).toEqual([]);
  for (const each of log) expect(flashHolds(a, each.rpiPrefix)).toBe(false);
});

test("a log that would be full keeps every minute, as long as records of one identifier make one", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  const others: EspruinoDevice[] = [];
  for (const other of ["B", "C", "D"]) others.push(await rig.wornToken(other));
  clearAir(rig, a, () => others.map((other) => [other, -60]));
  rig.world.run(2 * DAY);
  const { status, log } = await rig.atDesk(a, async (client) => ({
    status: await client.status(),
    log: decodeLog(await client.readLog()),
  }));
  expect(status.logFull).toBe(false);
  expect(log.length).toBeLessThan(1363);
  const together = 3 * 2 * 24 * 60;
  expect(minutesOf(log)).toBeGreaterThan(0.98 * together);
  expect(minutesOf(log)).toBeLessThan(1.02 * together);
});

test("a full log leaves out what is far and short, and says so", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  const others: EspruinoDevice[] = [];
  for (const other of ["B", "C", "D", "E", "F"]) others.push(await rig.wornToken(other));
  // B sits close by, the others so far away that they are still heard.
  clearAir(rig, a, () => others.map((other, index) => [other, index ? -80 - index : -60]));
  rig.world.run(6 * DAY);
  const { status, log } = await rig.atDesk(a, async (client) => ({
    status: await client.status(),
    log: decodeLog(await client.readLog()),
  }));
  expect(status.logFull).toBe(true);
  const near = log.filter((each) => each.meanRssi > -65);
  const far = log.filter((each) => each.meanRssi <= -65);
  // Whoever was near is there for most of the time; of the others, part has been left out.
  expect(minutesOf(near)).toBeGreaterThan(0.8 * 6 * 24 * 60);
  expect(minutesOf(far)).toBeLessThan(0.8 * 4 * 6 * 24 * 60);
  expect(minutesOf(far)).toBeGreaterThan(0);

  // It says so as long as the log holds something of that time.
  a.powerOff();
  rig.world.run(MINUTE);
  a.powerOn();
  expect((await rig.atDesk(a, (client) => client.status())).logFull).toBe(true);
  await rig.atDesk(a, (client) => client.erase());
  expect((await rig.atDesk(a, (client) => client.status())).logFull).toBe(false);
});

test("a sighting that is cut short by a visit carries the time of its own scan", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  await rig.wornToken("B");
  rig.sitTogether(["A", "B"], 20, 1);
  rig.world.run(30 * HOUR);
  const began = intervalAt(rig.world.now);
  let opened = false;
  const listen = a.onScanStart;
  rig.world.move("A", { site: "table", room: "room", x: 0, y: 0 });
  rig.world.move("B", { site: "table", room: "room", x: 1, y: 0 });
  a.onScanStart = () => {
    listen();
    // The button is let go 500 ms into the first scan.
    if (!opened) a.press(0.5);
    opened = true;
  };
  a.press(2.9);
  rig.world.run(10 * MINUTE);
  const log = await readLog(rig, a);
  const late = log.filter((each) => each.interval > began - 10);
  expect(late.length).toBeGreaterThan(0);
  for (const each of late) expect(each.interval).toBeGreaterThanOrEqual(began);
});

test("a flash that does not take writes loses the new record only", async () => {
  const rig = new Rig();
  const a = await rig.wornToken("A");
  await rig.wornToken("B");
  rig.sitTogether(["A", "B"], 30, 1);
  const before = await rig.atDesk(a, (client) => client.readLog());
  a.flash.failing = true;
  rig.sitTogether(["A", "B"], 7, 1);
  a.flash.failing = false;
  rig.sitTogether(["A", "B"], 30, 1);
  const after = await rig.atDesk(a, (client) => client.readLog());
  // No slot is burnt: what follows stands right behind what was there.
  expect(after.length / 12).toBeLessThanOrEqual(before.length / 12 + 13);
  expect(Buffer.from(after.subarray(0, before.length)).equals(before)).toBe(true);
  expect(minutesOf(decodeLog(after))).toBeGreaterThan(minutesOf(decodeLog(before)) + 23);
});

// A token that hears whoever it is told to.
function listener(): {
  machine: Machine;
  hear: (rpis: readonly number[], hours: number, rssi?: number) => void;
  firmware: Firmware;
  log: () => Encounter[];
} {
  const machine = new Machine(new Uint8Array(6 * 4096).fill(0xff), MORNING);
  const firmware = boot(machine);
  machine.press(3.5);
  machine.request(encode(SET_CLOCK, 1, SET_CLOCK_LAYOUT, [MORNING, 48]));
  machine.request(encode(SET_STATE, 2, SET_STATE_LAYOUT, [ON, 0]));
  machine.advance(61);
  return {
    machine,
    firmware,
    hear: (rpis, hours, rssi = -50) => {
      machine.around = () => rpis.map((rpi) => heardFrom(rpi, rssi));
      machine.advance(hours * HOUR);
    },
    log: () => {
      const parts: Uint8Array[] = [];
      for (let position = firmware.logStart(); position < firmware.logEnd(); ) {
        const [, [, next], records] = firmware.readLog(position)!;
        parts.push(records);
        position = next;
      }
      return decodeLog(Buffer.concat(parts));
    },
  };
}

// Twenty new neighbours every quarter of an hour fill the log until its pages are merged.
function overflow({ firmware, hear }: ReturnType<typeof listener>, rssi = -50): void {
  for (let quarter = 0; quarter < 60; quarter++) {
    hear(
      Array.from({ length: 20 }, (_, i) => 1000 + 20 * quarter + i),
      0.25,
      rssi,
    );
  }
  expect(firmware.logStart()).toBeGreaterThan(0);
}

const reboot = ({ machine }: ReturnType<typeof listener>): Firmware =>
  boot(new Machine(machine.flash.bytes.slice(), machine.world));

const isErasure = ({ word }: Operation): boolean => word === undefined;
const isMark = ({ address, word }: Operation): boolean => address % PAGE_BYTES === 0 && word === 0;

test.each([
  ["the state moves", (token: ReturnType<typeof listener>) => token.firmware.renew()],
  ["the log fills", overflow],
])("an expired page that is marked but not erased does no harm when %s", (_, goOn) => {
  function live(fails: (operation: Operation) => boolean) {
    const token = listener();
    token.hear([7], 0.1);
    token.hear([], 14 * 24);
    token.machine.flash.fails = fails;
    token.hear([], 2.5);
    expect(token.log()).toEqual([]);
    token.machine.flash.fails = () => false;
    goOn(token);
    token.hear([], 1.1);
    const { image, KEYS, STATE } = reboot(token);
    return { state: image[STATE], keys: toHex(image.subarray(KEYS)), log: token.log() };
  }
  const failed = live(isErasure);
  expect(failed.state).toBe(ON);
  expect(failed).toEqual(live(() => false));
});

test("an old state page that could be neither marked nor erased is gone within the hour", () => {
  const token = listener();
  const { flash } = token.machine;
  flash.fails = (operation) => isErasure(operation) || isMark(operation);
  expect(token.firmware.renew()).toBe(false);
  const statePages = () =>
    Array.from({ length: 6 }, (_, page) => Buffer.from(flash.bytes).readUInt32LE(page * PAGE_BYTES))
      .map((word) => [word & 0xffff, word >>> 16] as const)
      .filter(([number, check]) => number >= 0x8000 && check === (number ^ 0xffff));
  expect(statePages()).toHaveLength(2);
  flash.fails = () => false;
  token.hear([], 1.1);
  expect(statePages()).toHaveLength(1);
});

test("the state can move even when its old pages were stuck in all that was spare", () => {
  const token = listener();
  overflow(token);
  const { flash } = token.machine;
  flash.fails = (operation) => isErasure(operation) || isMark(operation);
  token.firmware.renew();
  flash.fails = () => false;
  expect(token.firmware.renew()).toBe(true);
  expect(token.firmware.renew()).toBe(true);
});

test("that something was left out is known as long as the log holds something of that time", () => {
  const token = listener();
  expect(token.firmware.hasDropped()).toBe(false);
  overflow(token);
  overflow(token);
  overflow(token);
  expect(token.firmware.hasDropped()).toBe(true);
  expect(reboot(token).hasDropped()).toBe(true);
  // Of the last hours nothing was left out yet.
  const end = Math.max(...token.log().map(({ interval }) => interval)) - 24;
  // Pages are copied while what they hold expires, and the last of it takes the flag with it.
  for (let hours = 0; token.log().some(({ interval }) => interval < end); hours++) {
    expect(token.firmware.hasDropped(), `${hours} hours later`).toBe(true);
    token.hear([], 1);
  }
  token.hear([], 3);
  expect(token.firmware.hasDropped()).toBe(false);
});

// Crowds come until the log writes nothing of whoever is far.
function fill(token: ReturnType<typeof listener>): void {
  for (let times = 0; writes(token, 1, -90); times++) {
    expect(times).toBeLessThan(10);
    overflow(token);
  }
}

// Whether anything is written of someone who is there for a few minutes.
function writes(
  { firmware, hear }: ReturnType<typeof listener>,
  rpi: number,
  rssi: number,
): boolean {
  const end = firmware.logEnd();
  hear([rpi], 0.2, rssi);
  hear([], 0.2);
  return firmware.logEnd() > end;
}

test("a full log does not write what is far, until some days have passed without crowds", () => {
  const token = listener();
  fill(token);
  expect(token.firmware.hasDropped()).toBe(true);
  expect(writes(token, 2, -90)).toBe(false);
  expect(writes(token, 3, -50)).toBe(true);
  // Days without crowds.
  token.hear([], 6 * 24);
  expect(writes(token, 4, -90)).toBe(true);
});

test("pausing and going on fifty times does not make a full log write what is far", () => {
  const token = listener();
  const { machine } = token;
  // At several times of six hours, of which each takes a step of risk by itself.
  for (let round = 0; round < 6; round++) {
    fill(token);
    for (let times = 0; times < 50; times++) {
      machine.press(11);
      machine.press(11);
    }
    expect(writes(token, 2, -90)).toBe(false);
  }
});

// Minutes of each day, of records at least so strong.
function minutesByDay(log: readonly Encounter[], least: number): number[] {
  const days: number[] = [];
  for (const { interval, minutes, meanRssi } of log) {
    const day = Math.floor((interval - intervalAt(MORNING)) / 144);
    if (meanRssi >= least) days[day] = (days[day] ?? 0) + minutes;
  }
  return Array.from(days, (minutes) => minutes ?? 0);
}

test("a full log keeps near minutes of each day, and not far ones of some", () => {
  const token = listener();
  const near = -60;
  const far = -84;
  for (let quarter = 0; quarter < 10 * 24 * 4; quarter++) {
    const rpis = Array.from({ length: 15 }, (_, i) => 1000 + 15 * quarter + i);
    token.machine.around = () => rpis.map((rpi, at) => heardFrom(rpi, at < 3 ? near : far));
    token.machine.advance(HOUR / 4);
  }
  const log = token.log();
  expect(log.filter(({ meanRssi }) => meanRssi < near)).toEqual([]);
  const days = minutesByDay(log, near);
  expect(days).toHaveLength(10);
  // There is room for a third of it.
  const heard = 3 * 24 * 60;
  for (const minutes of days) expect(minutes).toBeGreaterThan(0.1 * heard);
  expect(days.reduce((sum, minutes) => sum + minutes, 0)).toBeGreaterThan(0.35 * 10 * heard);
});

test.each([
  [-60, 0.98],
  [-70, 0.98],
  [-72, 0.85],
  [-76, 0.75],
])(
  "crowds of two days do not cost the hours of the next ten with somebody at %i dBm",
  (rssi, least) => {
    const token = listener();
    for (let times = 0; times < 3; times++) overflow(token);
    for (let day = 0; day < 10; day++) {
      for (let quarter = 0; quarter < 4; quarter++) {
        token.hear([100_000 + 4 * day + quarter], 0.25, rssi);
      }
      token.hear([], 23);
    }
    const later = token
      .log()
      .filter(({ rpiPrefix }) => Buffer.from(rpiPrefix).readUInt32LE() >= 100_000);
    expect(minutesOf(later)).toBeGreaterThan(least * 10 * 60);
  },
);

test("that something was not written is known for fourteen days", () => {
  const token = listener();
  const { firmware, hear } = token;
  fill(token);
  // What the full pages held expires, and with it what told that they were full.
  for (let hours = 0; token.log().length > 0; hours++) {
    expect(hours).toBeLessThan(15 * 24);
    // As long as they are full, something is left out now and then.
    if (hours < 12) hear([2], 0.1, -90);
    hear([], 1);
  }
  expect(token.log()).toEqual([]);
  expect(firmware.hasDropped()).toBe(true);
  // A page that is begun tells of it, after a power cut, too.
  hear([3], 0.2, -50);
  hear([], 0.2);
  expect(reboot(token).hasDropped()).toBe(true);
  hear([], 14.5 * 24);
  expect(firmware.hasDropped()).toBe(false);
});

test("that something was not written is forgotten after fourteen days without anybody near", () => {
  const token = listener();
  fill(token);
  token.hear([], 14.5 * 24);
  expect(token.log()).toEqual([]);
  expect(token.firmware.hasDropped()).toBe(false);
});

test("merging does not take far minutes for near ones", () => {
  const token = listener();
  const steady = 7;
  const moving = 8;
  token.hear([steady], 0.15, -60);
  token.hear([steady], 0.15, -58);
  token.hear([], 1);
  for (const rssi of [-80, -69, -58, -47]) token.hear([moving], 0.15, rssi);
  token.hear([], 0.1);
  const of = (rpi: number) =>
    token.log().filter(({ rpiPrefix }) => rpiPrefix[0] === rpi && rpiPrefix[1] === 0);
  expect(of(steady).length).toBeGreaterThan(1);
  const before = of(moving);
  overflow(token, -84);
  expect(of(steady)).toHaveLength(1);
  // Each is near to the one before, but the first must not count as near as the last.
  const minutesAt = (least: number) =>
    minutesOf(of(moving).filter(({ bestRssi }) => bestRssi >= least));
  expect(minutesAt(-60)).toBeLessThan(0.8 * minutesOf(before));
  expect(minutesAt(-50)).toBeGreaterThan(0);
  expect(minutesOf(of(moving))).toBe(minutesOf(before));
});

test("merging keeps apart what was heard again long after: a desk must see that it is a replay", () => {
  const token = listener();
  const replayed = 7;
  token.hear([replayed], 0.1);
  token.hear([], 3);
  token.hear([replayed], 0.1);
  overflow(token, -84);
  const log = token.log();
  const times = log.filter(({ rpiPrefix }) => rpiPrefix[0] === replayed && rpiPrefix[1] === 0);
  expect(times.length).toBeGreaterThanOrEqual(2);
  expect(times.at(-1)!.interval - times[0]!.interval).toBeGreaterThanOrEqual(17);
});
