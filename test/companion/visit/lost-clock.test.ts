import { beforeEach, describe, expect, test } from "vitest";
import { type PublishedKey, publishedKeys } from "../../../companion/exports/published-keys.ts";
import { checkVisit } from "../../../companion/visit/check-visit.ts";
import { correctTimes } from "../../../companion/visit/log-times.ts";
import { decodeLog } from "../../../protocol/encounter-log.ts";
import { intervalAt, intervalStart } from "../../../protocol/intervals.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { DAY, HOUR, MINUTE, Rig } from "../../support/rig.ts";

let rig: Rig;

beforeEach(() => {
  rig = new Rig();
});

const dayOf = (time: number): number => Math.floor(time / DAY);

const published = async (device: EspruinoDevice): Promise<PublishedKey[]> => {
  const keys = await rig.atDesk(device, async (client) => {
    await client.setState("on", true);
    return client.readKeys();
  });
  return keys.map((key) => ({ ...key, transmissionRiskLevel: 0, reportType: 1 }));
};

const check = (device: EspruinoDevice, keys: PublishedKey[]) =>
  rig.atDesk(device, (client) => checkVisit(client, [publishedKeys(keys)], () => rig.world.now));

const losePower = (device: EspruinoDevice, seconds: number): void => {
  device.powerOff();
  rig.world.run(seconds);
  device.powerOn();
};

// A sits next to B for 40 minutes; returns the day.
const meet = (): number => {
  rig.sitTogether(["A", "B"], 40, 1);
  return dayOf(rig.world.now);
};

const daysOf = async (device: EspruinoDevice, keys: PublishedKey[]): Promise<number[]> =>
  (await check(device, keys)).risk.days.map(({ day }) => day);

describe("meetings of a token that lost its time", () => {
  let a: EspruinoDevice;
  let b: EspruinoDevice;

  beforeEach(async () => {
    a = await rig.wornToken("A");
    b = await rig.wornToken("B");
  });

  test("are found on their days, before and after, by the next visit and by the one after", async () => {
    const first = meet();
    losePower(a, 3 * DAY);
    const second = meet();
    rig.world.run(2 * DAY);
    const keys = await published(b);
    const { risk, warnings, clockCorrection } = await check(a, keys);
    expect(risk.days.map(({ day }) => day)).toEqual([second, first]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/all its meetings since then were dated/),
    ]);
    expect(Math.abs(clockCorrection! - 3 * DAY)).toBeLessThan(30 * MINUTE);

    rig.world.run(DAY);
    const later = await check(a, keys);
    expect(later.risk).toEqual(risk);
    expect(later.warnings).toEqual([]);
    expect(Math.abs(later.clockCorrection!)).toBeLessThan(2);
  });

  test("are found by the visit after one that broke off when the clock was set", async () => {
    losePower(a, 3 * DAY);
    const day = meet();
    rig.world.run(2 * DAY);
    const keys = await published(b);
    await rig.atDesk(a, (client) => client.setClock(() => rig.world.now));
    expect(await daysOf(a, keys)).toEqual([day]);
  });

  test("are found on their days after two power losses without a visit, and by later visits", async () => {
    const days = [meet()];
    losePower(a, 3 * DAY);
    days.unshift(meet());
    rig.world.run(DAY);
    losePower(a, 2 * DAY);
    days.unshift(meet());
    rig.world.run(2 * DAY);
    const keys = await published(b);
    const { risk, warnings } = await check(a, keys);
    expect(risk.days.map(({ day }) => day)).toEqual(days);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/dates of some meetings are uncertain/),
    ]);
    rig.world.run(DAY);
    expect((await check(a, keys)).risk).toEqual(risk);
    // Another power loss changes nothing about what is known.
    losePower(a, 5 * HOUR);
    expect((await check(a, keys)).risk).toEqual(risk);
    expect(await daysOf(a, keys)).toEqual(days);
  });

  test("are found after a battery that sat loosely had pushed its clock ahead", async () => {
    for (let bounce = 0; bounce < 30; bounce++) losePower(a, 1);
    const day = meet();
    rig.world.run(2 * DAY);
    const keys = await published(b);
    const { risk, clockCorrection } = await check(a, keys);
    expect(clockCorrection).toBeLessThan(-3 * HOUR);
    expect(risk.days.map((each) => each.day)).toEqual([day]);
    expect(await daysOf(a, keys)).toEqual([day]);
  });
});

describe("meetings of a token whose clock drifts 40 seconds a day", () => {
  test.each([
    ["fast", 463],
    ["slow", -463],
  ])(
    "(%s) are moved by what it was wrong, to a minute, by the next visit and by the one after",
    async (_, ppm) => {
      const a = await rig.token("A", ppm);
      const start = await rig.atDesk(a, async (client) => {
        await client.setClock(() => rig.world.now);
        await client.setState("on", false);
        return rig.world.now;
      });
      for (const other of ["B", "C"]) await rig.wornToken(other);
      const truths: number[] = [];
      for (let meeting = 0; meeting < 13; meeting++) {
        rig.world.run(DAY - HOUR);
        rig.sitTogether(["A", "B", "C"], 40, 1);
        truths.push(rig.world.now - 20 * MINUTE);
      }

      for (let visit = 0; visit < 2; visit++) {
        const [log, corrected] = await rig.atDesk(a, async (client) => {
          const status = await client.status();
          const now = rig.world.now;
          const log = decodeLog(await client.readLog());
          await client.setClock(() => now);
          return [log, correctTimes(log, status, now)];
        });
        expect(log.length).toBeGreaterThan(13 * 8);
        const shifts = new Set<number>();
        corrected.forEach(({ interval }, index) => {
          const logged = log[index]!.interval;
          const near = (time: number) => Math.abs(intervalStart(logged) - time);
          const truth = truths.reduce((best, time) => (near(time) < near(best) ? time : best));
          expect(Math.abs(interval - intervalAt(truth))).toBeLessThanOrEqual(3);
          // An interval is ten minutes: a minute shows where it tips the balance.
          const wrong = ((start - truth) * ppm) / 1e6;
          const shift = interval - logged;
          shifts.add(shift);
          expect(shift).toBeGreaterThanOrEqual(Math.round((wrong - MINUTE) / 600));
          expect(shift).toBeLessThanOrEqual(Math.round((wrong + MINUTE) / 600));
        });
        expect(shifts.size).toBe(2);
        rig.world.run(DAY);
      }
    },
  );
});
