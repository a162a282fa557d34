import { describe, expect, test } from "vitest";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import { INTERVALS_PER_DAY, intervalAt } from "../../protocol/intervals.ts";
import { deriveRpi, hkdf16, RPIK_INFO } from "../../protocol/key-schedule.ts";
import {
  CONSENT_PUBLISH,
  encode,
  KEY_BYTES,
  ON,
  READ_KEYS,
  RESPONSE,
} from "../../protocol/messages.ts";
import { DAY, HOUR, MINUTE } from "../support/rig.ts";
import type { Firmware } from "../support/token/boot.ts";
import type { Machine } from "../support/token/machine.ts";
import { rpiOnAir } from "../support/token/radio.ts";
import { atDesk, clockRequest, stateRequest, wornMachine } from "../support/token/worn.ts";

const INTERVAL = 600;
const EVENING = Date.UTC(2026, 5, 2, 20) / 1000;
const BINS = 20;
/** Of chi-squared with 19 degrees of freedom, one value in ten thousand is greater. */
const MOST_CHI_SQUARED = 52.4;

const readKeys = encode(READ_KEYS, 5, "", []);

/** A change of identifier: world time, and the token's own. */
interface Change {
  readonly at: number;
  readonly clock: number;
  readonly rpi: string;
}

// Tokens whose clocks are some seconds ahead, which start at some moment of an interval and draw as no other does.
function token(number: number): { machine: Machine; firmware: Firmware; changes: Change[] } {
  const changes: Change[] = [];
  const seen = new Set<string>();
  const offset = (number * 37) % 113;
  const worn = wornMachine(EVENING + number * 61, offset, (machine) => {
    for (let draws = 0; draws < 11 * number; draws++) machine.random32();
    const changed = machine.onAirChanged.bind(machine);
    machine.onAirChanged = (onAir) => {
      changed(onAir);
      const rpi = rpiOnAir(onAir);
      if (!rpi || seen.has(rpi)) return;
      seen.add(rpi);
      changes.push({ at: machine.world, clock: machine.clock, rpi });
    };
  });
  // What came on air as the window closed tells of the window.
  changes.length = 0;
  return { ...worn, changes };
}

// Whether moments within an interval look as if any were as likely as another.
function chiSquared(times: readonly number[]): number {
  const bins = Array<number>(BINS).fill(0);
  for (const time of times) bins[Math.floor((time % INTERVAL) / (INTERVAL / BINS))]!++;
  const expected = times.length / BINS;
  return bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

// The RPIs of the keys in a firmware's image, by interval.
function rpisOf({ image, KEYS }: Firmware, from: number, to: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let at = KEYS; at < image.length; at += KEY_BYTES) {
    const end = Buffer.from(image).readUInt32LE(at);
    if (!end) continue;
    const start = end - 1 - ((end - 1) % INTERVALS_PER_DAY);
    const rpik = hkdf16(nodePrimitives, image.subarray(at + 4, at + KEY_BYTES), RPIK_INFO);
    for (let interval = Math.max(from, start); interval < Math.min(to, end); interval++) {
      found.set(Buffer.from(deriveRpi(nodePrimitives, rpik, interval)).toString("hex"), interval);
    }
  }
  return found;
}

// No interval twice, each RPI of the key of its day, and of an interval that was not over for longer than it may live.
function expectRules({ firmware, changes }: ReturnType<typeof token>): void {
  const [first, last] = [changes[0]!, changes.at(-1)!];
  const rpis = rpisOf(firmware, intervalAt(first.clock) - 3, intervalAt(last.clock) + 3);
  const intervals = changes.map(({ rpi }) => rpis.get(rpi));
  expect(intervals).not.toContain(undefined);
  expect(intervals).toEqual([...new Set(intervals)].sort((a, b) => a! - b!));
  for (const [at, { clock }] of changes.entries()) {
    // It may have changed unheard, while a window was open.
    expect(intervalAt(clock) - intervals[at]!).toBeGreaterThanOrEqual(0);
    expect(intervalAt(clock) - intervals[at]!).toBeLessThanOrEqual(1);
  }
}

describe("the moments at which identifiers change", () => {
  test("tell nothing of the clock: at night, around midnight and at all times", () => {
    const tokens = Array.from({ length: 40 }, (_, number) => token(number));
    for (const each of tokens) {
      each.machine.advance(5 * DAY);
      expectRules(each);
    }
    const clocks = tokens.flatMap(({ changes }) => changes.map(({ clock }) => clock));
    expect(clocks.length).toBeGreaterThan(40 * 5 * 80);
    expect(chiSquared(clocks)).toBeLessThan(MOST_CHI_SQUARED);
    const firstOfDay = tokens.flatMap(({ changes }) =>
      changes
        .map(({ clock }) => clock)
        .filter((clock, at, all) => at && Math.floor(clock / DAY) > Math.floor(all[at - 1]! / DAY)),
    );
    expect(firstOfDay).toHaveLength(40 * 5);
    expect(firstOfDay.filter((clock) => clock % DAY < 2).length).toBeLessThan(5);
    // What was on air at midnight had begun up to 20 minutes before, and so ends up to 20 minutes after it.
    expect(firstOfDay.filter((clock) => clock % DAY > 10 * MINUTE).length).toBeGreaterThan(20);
  });

  test("after a pause tell nothing of an interval's beginning", () => {
    const first: number[] = [];
    for (let number = 0; number < 300; number++) {
      const each = token(number);
      each.machine.advance((number * 97) % 3000);
      each.machine.press(11);
      each.machine.advance(5);
      each.changes.length = 0;
      each.machine.press(11);
      each.machine.advance(HOUR);
      first.push(
        ...each.changes
          .filter(({ at }) => at > each.machine.world - HOUR + 1)
          .slice(0, 1)
          .map(({ clock }) => clock),
      );
      expectRules(each);
    }
    expect(first.length).toBe(300);
    expect(chiSquared(first)).toBeLessThan(MOST_CHI_SQUARED);
    expect(first.filter((clock) => clock % INTERVAL < 1).length).toBeLessThan(5);
  });

  test("after keys were cut tell nothing of an interval's beginning", () => {
    const first: number[] = [];
    for (let number = 0; number < 300; number++) {
      const each = token(number);
      const { machine, changes } = each;
      machine.advance((number * 97) % 3000);
      changes.length = 0;
      atDesk(machine, () => [stateRequest(ON, CONSENT_PUBLISH), readKeys]);
      const closed = machine.world - 6;
      machine.advance(HOUR);
      // Of an interval that was not used yet there may be an identifier as soon as the window closes.
      first.push(
        ...changes
          .filter(({ at }) => at > closed + 1)
          .slice(0, 1)
          .map(({ clock }) => clock),
      );
      expectRules(each);
    }
    expect(first).toHaveLength(300);
    expect(chiSquared(first)).toBeLessThan(MOST_CHI_SQUARED);
    expect(first.filter((clock) => clock % INTERVAL < 1).length).toBeLessThan(5);
  });
});

test("keys that are read after midnight take yesterday's identifier off the air for good", () => {
  let stillYesterdays = 0;
  for (let number = 0; number < 60; number++) {
    const each = token(number);
    const { machine, firmware, changes } = each;
    const midnight = DAY * Math.ceil(machine.clock / DAY);
    machine.advance(midnight - machine.clock + 10 + number * 5);
    const before = changes.at(-1)!;
    if (before.clock < midnight) stillYesterdays++;
    let sent = 0;
    const [, keys] = atDesk(machine, () => {
      sent = machine.sent.length;
      return [stateRequest(ON, CONSENT_PUBLISH), readKeys];
    });
    expect(keys![0]).toBe(READ_KEYS | RESPONSE);
    const yesterday = rpisOf(
      firmware,
      intervalAt(midnight) - INTERVALS_PER_DAY,
      intervalAt(midnight),
    );
    machine.advance(2 * HOUR);
    const later = machine.sent.slice(sent).flatMap(({ onAir }) => rpiOnAir(onAir) ?? []);
    expect(later.filter((rpi) => rpi === before.rpi || yesterday.has(rpi))).toEqual([]);
    expect(later.length).toBeGreaterThan(0);
    expectRules(each);
  }
  expect(stillYesterdays).toBeGreaterThan(20);
});

test("a clock that is set across midnight, either way, leaves key and day in agreement", () => {
  for (let number = 0; number < 40; number++) {
    const each = token(number);
    const { machine } = each;
    machine.advance(4 * HOUR - 30 * MINUTE + number * MINUTE);
    const change = (number % 2 ? -1 : 1) * ((number * 7) % 60) * MINUTE;
    atDesk(machine, () => [clockRequest(machine.clock + change)]);
    machine.advance(5 * HOUR);
    const { firmware, changes } = each;
    const rpis = rpisOf(firmware, intervalAt(EVENING) - 10, intervalAt(EVENING) + 200);
    const intervals = changes.map(({ rpi }) => rpis.get(rpi));
    expect(intervals).not.toContain(undefined);
    expect(intervals).toEqual([...new Set(intervals)].sort((a, b) => a! - b!));
  }
});
