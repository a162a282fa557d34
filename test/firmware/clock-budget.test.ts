import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { encode, RESPONSE, SET_CLOCK, SET_CLOCK_LAYOUT } from "../../protocol/messages.ts";
import { DAY, HOUR, MINUTE, MORNING } from "../support/rig.ts";
import { boot, type Firmware } from "../support/token/boot.ts";
import { heardFrom, Machine } from "../support/token/machine.ts";
import { atDesk, clockRequest, wornMachine } from "../support/token/worn.ts";

const EARLIEST = Date.UTC(2020, 0, 1) / 1000;
const LATEST = Date.UTC(2100, 0, 1) / 1000;
const FORTNIGHT = 14 * DAY;

const isDone = (response: Uint8Array | undefined): boolean =>
  response?.[0] === (SET_CLOCK | RESPONSE);

/** Asks for changes by so many seconds, one after the other in one session; returns those that were made. */
function change(machine: Machine, changes: readonly number[]): number[] {
  const made: number[] = [];
  atDesk(machine, () => {
    for (const each of changes) {
      const before = machine.clock;
      const request = clockRequest(machine.clock + each);
      // An answer takes a second.
      if (isDone(machine.request(request))) made.push(machine.clock - before - 1);
    }
    return [];
  });
  return made;
}

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);
const ahead = (all: readonly number[]): number => sum(all.filter((each) => each > 0));

/** Visits in a fortnight: hours since the last one, and what is asked for there. */
const visits = fc.array(
  fc.record({
    hours: fc.nat({ max: 60 }),
    changes: fc.array(
      fc.oneof(
        fc.integer({ min: -3 * DAY, max: 3 * DAY }),
        fc.integer({ min: -3 * HOUR, max: 13 * HOUR }),
        fc.integer({ min: -20 * MINUTE, max: 20 * MINUTE }),
        fc.constantFrom(-7200, -7199, 43199, 43200, DAY, 21600),
      ),
      { maxLength: 12 },
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

describe("a running clock", () => {
  test("is never moved ahead by more than a day in a fortnight, nor back by more than two hours at a time", () => {
    fc.assert(
      fc.property(visits, (all) => {
        const { machine } = wornMachine(MORNING);
        const began = machine.world;
        const made: number[] = [];
        for (const { hours, changes } of all) {
          machine.advance(Math.min(hours * HOUR, Math.max(0, began + FORTNIGHT - machine.world)));
          const now = change(machine, changes);
          expect(ahead(now)).toBeLessThanOrEqual(DAY);
          made.push(...now);
          if (machine.world >= began + FORTNIGHT) break;
        }
        expect(Math.min(0, ...made)).toBeGreaterThanOrEqual(-2 * HOUR - 1);
        expect(ahead(made)).toBeLessThanOrEqual(DAY);
        expect(Math.abs(machine.clock - machine.world)).toBeLessThanOrEqual(DAY + 1);
      }),
      { numRuns: 50 },
    );
  });

  test.each([20, 60, 600, HOUR, 6 * HOUR, 12 * HOUR])(
    "who asks for %i s at each visit, as often as can be, gets a day in a fortnight at most",
    (step) => {
      const { machine } = wornMachine(MORNING);
      const began = machine.world;
      const made: number[] = [];
      while (machine.world < began + FORTNIGHT) {
        made.push(...change(machine, Array<number>(20).fill(step)));
        machine.advance(4 * HOUR);
      }
      expect(ahead(made)).toBeLessThanOrEqual(DAY);
      expect(ahead(made)).toBeGreaterThan(step === 12 * HOUR ? 0 : 0.15 * DAY);
    },
  );

  test("who pushes it ahead and back by turns gains nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 * HOUR }), fc.nat({ max: HOUR }), (step, more) => {
        const { machine } = wornMachine(MORNING);
        const turns = Array.from({ length: 40 }, (_, at) => (at % 2 ? -step : step + more));
        const made = change(machine, turns);
        expect(ahead(made)).toBeLessThanOrEqual(DAY);
        expect(sum(made.filter((each) => each < 0))).toBeGreaterThanOrEqual(-2 * HOUR - 20);
      }),
      { numRuns: 60 },
    );
  });

  test("a drift of up to 500 ppm is always put right, whenever the wearer comes", () => {
    const drift = fc.integer({ min: -500, max: 500 });
    const days = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(drift, days, (ppm, waits) => {
        const { machine } = wornMachine(MORNING);
        for (const wait of waits) {
          machine.advance(wait * DAY);
          machine.world -= (wait * DAY * ppm) / 1e6;
          expect(change(machine, [machine.world - machine.clock])).toHaveLength(1);
          expect(Math.abs(machine.clock - machine.world)).toBeLessThan(5);
        }
      }),
      { numRuns: 12 },
    );
  });

  test("desks whose clocks differ by five minutes, and one that forgot summer time, are all obeyed", () => {
    const { machine } = wornMachine(MORNING);
    for (let day = 0; day < 30; day++) {
      machine.advance(DAY);
      expect(change(machine, [day % 2 ? 300 : -300])).toHaveLength(1);
    }
    for (const wrong of [HOUR, -HOUR, -HOUR, HOUR]) {
      expect(change(machine, [wrong])).toHaveLength(1);
      machine.advance(7 * DAY);
    }
  });
});

describe("a clock", () => {
  const times = fc.oneof(
    fc.nat({ max: 0xffffffff }),
    fc.integer({ min: LATEST - 10, max: LATEST + 10 }),
    fc.integer({ min: EARLIEST - 10, max: EARLIEST + 10 }),
    fc.constantFrom(0, 0xffffffff, 0x7fffffff, 0x80000000, LATEST - 1, LATEST),
  );
  const setTo = (time: number): Uint8Array => encode(SET_CLOCK, 1, SET_CLOCK_LAYOUT, [time, 48]);

  test("that was never set takes any time from 2020 on and before 2100, and no other", () => {
    fc.assert(
      fc.property(times, (time) => {
        const machine = new Machine(new Uint8Array(6 * 4096).fill(0xff), MORNING);
        const firmware = boot(machine);
        const [response] = atDesk(machine, () => [setTo(time)]);
        expect(isDone(response)).toBe(time >= EARLIEST && time < LATEST);
        expect(firmware.lastInterval > 0).toBe(isDone(response));
      }),
      { numRuns: 200 },
    );
  });

  test("that was lost or runs takes none at or beyond 2100", () => {
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 70, max: 5 * DAY }),
        fc.boolean(),
        (time, left, isLost) => {
          const { machine } = wornMachine(LATEST - 5 * DAY - 200);
          machine.advance(5 * DAY - left);
          if (isLost) {
            machine.powerOff();
            machine.clock = 0;
            boot(machine);
          }
          const before = machine.clock;
          const [response] = atDesk(machine, () => [setTo(time)]);
          if (isDone(response)) expect(time).toBeLessThan(LATEST);
          else expect(machine.clock - before).toBeLessThan(100);
        },
      ),
      { numRuns: 100 },
    );
  });
});

test.each([DAY, DAY / 2, DAY / 4])(
  "sixteen steps of %i s in one session do not empty a log",
  (step) => {
    const { machine, firmware } = wornMachine(MORNING);
    machine.around = () => [heardFrom(7, -60)];
    machine.advance(3 * HOUR);
    machine.around = () => [];
    machine.advance(HOUR);
    const before = minutesIn(firmware);
    expect(before).toBeGreaterThan(150);
    machine.advance(13 * DAY - 6 * HOUR);
    change(machine, Array<number>(16).fill(step));
    machine.advance(2 * HOUR);
    expect(minutesIn(firmware)).toBe(before);
  },
);

function minutesIn(firmware: Firmware): number {
  const [, , records] = firmware.readLog(firmware.logStart()) ?? [];
  return decodeLog(records ?? new Uint8Array(0)).reduce((all, { minutes }) => all + minutes, 0);
}
