import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EpochStart, TokenStatus } from "../../../companion/token/token-client.ts";
import { correctTimes } from "../../../companion/visit/log-times.ts";
import { decodeLog, type Encounter } from "../../../protocol/encounter-log.ts";
import { packEncounter, packMark } from "../../../protocol/encounter-record.ts";
import { intervalAt, intervalStart } from "../../../protocol/intervals.ts";
import { EPOCHS_KEPT } from "../../../protocol/messages.ts";
import { DAY, HOUR, MINUTE, MORNING } from "../../support/rig.ts";

const NONE: EpochStart = { time: 0, moved: 0 };

// A token in epoch `clockEpoch`, whose epochs began like this, the latest first.
const statusWith = (
  clockEpoch: number,
  time: number,
  epochs: readonly EpochStart[],
): TokenStatus => ({
  state: "on",
  publishConsent: false,
  logFull: false,
  clockDoubtful: epochs[0]!.moved === undefined,
  clockEpoch,
  epochs: [...epochs, ...Array<EpochStart>(EPOCHS_KEPT).fill(NONE)].slice(0, EPOCHS_KEPT),
  battery: 100,
  batteryLow: false,
  failures: 0,
  restarts: 0,
  time,
  lastInterval: intervalAt(time),
  logStart: 0,
  logEnd: 0,
  exposure: {
    level: 0,
    day: 0,
    minutes: 0,
    attenuationDb: 0,
    checkedInterval: 0,
    acknowledged: false,
  },
});

const [blank] = decodeLog(
  Buffer.concat([packMark(0, 0, 0), packEncounter(new Uint8Array(9), 0, 5, -60, -60)]),
) as [Encounter];
const at = (time: number, epoch: number): Encounter => ({
  ...blank,
  interval: intervalAt(time),
  epoch,
});

// What becomes of encounters at these moments by the token's clock: shifts and uncertainties, in intervals.
const corrections = (epoch: number, times: readonly number[], status: TokenStatus, now: number) => {
  const log = times.map((time) => at(time, epoch));
  return correctTimes(log, status, now).map(({ interval, uncertainty }, index) => [
    interval - log[index]!.interval,
    uncertainty,
  ]);
};

const HALF = 5 * MINUTE;

describe("an epoch that a desk began", () => {
  const start = MORNING;
  const middle = start + 5 * DAY + HALF;
  const last = start + 10 * DAY - HALF;

  test.each([
    ["behind", 2 * HOUR, 6, 12],
    ["ahead", -2 * HOUR, -6, -12],
    ["right", 0, 0, 0],
  ])("and this visit ends, %s: drift grew with time", (_, wrong, half, whole) => {
    const end = start + 10 * DAY;
    const status = statusWith(3, end, [{ time: start, moved: 0 }]);
    expect(corrections(3, [start, middle, last], status, end + wrong)).toEqual([
      [0, undefined],
      [half, undefined],
      [whole, undefined],
    ]);
  });

  test("and an earlier visit ended: the same, whatever came after", () => {
    const end = start + 10 * DAY;
    const after = [
      { time: end + 9 * DAY, moved: undefined },
      { time: end + 2 * HOUR, moved: 2 * HOUR },
    ];
    const status = statusWith(5, end + 10 * DAY, [...after, { time: start, moved: 77 }]);
    expect(corrections(3, [start, middle, last], status, end + 99 * DAY)).toEqual([
      [0, undefined],
      [6, undefined],
      [12, undefined],
    ]);
  });

  test("and power loss ended: stays", () => {
    const status = statusWith(4, last, [
      { time: last, moved: undefined },
      { time: start, moved: 0 },
    ]);
    expect(corrections(3, [start, middle], status, last + 90 * DAY)).toEqual([
      [0, undefined],
      [0, undefined],
    ]);
  });

  test.each([20 * HOUR, -2 * HOUR])(
    "and a desk ended %i seconds off after a day: one of both was wrong",
    (wrong) => {
      const status = statusWith(3, start + DAY, [{ time: start, moved: 0 }]);
      const [correction] = corrections(3, [start + HOUR], status, start + DAY + wrong);
      expect(correction).toEqual([0, wrong / 600]);
    },
  );

  test("and this visit ends in the same second: stays", () => {
    const status = statusWith(3, start, [{ time: start, moved: 0 }]);
    expect(corrections(3, [start], status, start)).toEqual([[0, undefined]]);
  });
});

describe("an epoch that began with a guess", () => {
  const guess = MORNING;
  const begun = { time: guess, moved: undefined };

  test.each([
    ["behind", 3 * DAY, 432],
    ["ahead", -3 * HOUR, -18],
  ])("and this visit ends, %s: all of it is moved", (_, wrong, shift) => {
    const status = statusWith(8, guess + DAY, [begun, { time: guess - DAY, moved: 0 }]);
    const times = [guess, guess + 8 * HOUR, guess + DAY];
    const all = times.map(() => [shift, undefined]);
    expect(corrections(8, times, status, guess + DAY + wrong)).toEqual(all);
  });

  test("and an earlier visit ended: all of it is moved by as much", () => {
    const set = { time: guess + 5 * DAY, moved: 3 * DAY };
    const status = statusWith(9, guess + 6 * DAY, [set, begun]);
    const times = [guess, guess + 2 * DAY];
    const all = times.map(() => [432, undefined]);
    expect(corrections(8, times, status, guess + 6 * DAY)).toEqual(all);
  });

  test.each([
    ["behind", 3 * DAY, 432],
    ["ahead", -3 * HOUR, -18],
  ])("and power loss ended stays, with the next known offset as uncertainty, %s", (_, wrong, u) => {
    const again = { time: guess + DAY, moved: undefined };
    const set = { time: guess + 2 * DAY + wrong, moved: wrong };
    const later = { time: guess + 90 * DAY, moved: -30 * DAY };
    const before = statusWith(8, guess + 2 * DAY, [again, again, begun]);
    expect(corrections(6, [guess], before, guess + 2 * DAY + wrong)).toEqual([[0, u]]);
    const after = statusWith(10, later.time, [later, set, again, again, begun]);
    expect(corrections(6, [guess], after, later.time)).toEqual([[0, u]]);
  });

  test("and power loss ended, with no offset in the end, is certain", () => {
    const status = statusWith(8, guess + HOUR, [begun, begun]);
    expect(corrections(7, [guess], status, guess + HOUR + 20)).toEqual([[0, undefined]]);
  });
});

test("an epoch that is not kept any more stays, and so does one that the token knows nothing of", () => {
  const begun = { time: MORNING, moved: undefined };
  const status = statusWith(20, MORNING + DAY, Array(EPOCHS_KEPT).fill(begun));
  const now = MORNING + 3 * DAY;
  expect(corrections(13, [MORNING], status, now)).toEqual([[0, 288]]);
  expect(corrections(12, [MORNING], status, now)).toEqual([[0, undefined]]);
  expect(corrections(21, [MORNING], status, now)).toEqual([[0, undefined]]);
  expect(corrections(19, [MORNING], statusWith(20, MORNING, [begun]), now)).toEqual([
    [0, undefined],
  ]);
});

test("epochs go on with 0 after 255", () => {
  const set = { time: MORNING + 5 * DAY, moved: 3 * DAY };
  const epochs = [set, { time: MORNING, moved: undefined }, { time: MORNING - DAY, moved: 0 }];
  const now = set.time + DAY;
  for (const epoch of [0, 1, 255]) {
    const before = (epoch - 1) & 255;
    const status = statusWith(epoch, now, epochs);
    expect(corrections(before, [MORNING + HOUR], status, now)).toEqual([[432, undefined]]);
    expect(corrections((epoch - 2) & 255, [MORNING], status, now)).toEqual([[0, undefined]]);
  }
});

describe("for any two changes of the clock", () => {
  const history = fc.record({
    begun: fc.option(fc.constant(0), { nil: undefined }),
    length: fc.integer({ min: 1, max: 14 * DAY }),
    wrong: fc.integer({ min: -2 * HOUR, max: DAY }),
  });
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  test("order within an epoch stays, and nothing moves further than the clock", () => {
    fc.assert(
      fc.property(history, share, share, ({ begun, length, wrong }, one, other) => {
        const status = statusWith(3, MORNING + length, [{ time: MORNING, moved: begun }]);
        const times = [one, other].sort((a, b) => a - b).map((part) => MORNING + part * length);
        const log = times.map((time) => at(time, 3));
        const found = correctTimes(log, status, MORNING + length + wrong);
        expect(found[0]!.interval).toBeLessThanOrEqual(found[1]!.interval);
        found.forEach(({ interval, uncertainty = 0, loggedInterval }, index) => {
          const own = log[index]!.interval;
          expect(loggedInterval ?? interval).toBe(own);
          const change = interval - own + uncertainty;
          expect(Math.abs(change)).toBeLessThanOrEqual(Math.round(Math.abs(wrong) / 600));
          if (change) expect(Math.sign(change)).toBe(Math.sign(wrong));
        });
      }),
    );
  });

  test("drift is right to within half an interval", () => {
    fc.assert(
      fc.property(history, share, ({ length, wrong }, part) => {
        fc.pre(Math.abs(wrong) < length / 100);
        const time = MORNING + part * length;
        const status = statusWith(3, MORNING + length, [{ time: MORNING, moved: 0 }]);
        const [found] = correctTimes([at(time, 3)], status, MORNING + length + wrong);
        // Where in its interval the encounter was, nobody knows.
        const shift = intervalStart(found!.interval - intervalAt(time));
        expect(Math.abs(shift - wrong * part)).toBeLessThanOrEqual(HALF * 1.02);
      }),
    );
  });
});

// A token's clock as in `firmware/clock.ts`, told by what happens to it.
class Clock {
  now = MORNING;
  time = MORNING;
  epoch = 250;
  epochs: EpochStart[] = [{ time: MORNING, moved: 0 }];
  readonly heard: [truth: number, encounter: Encounter][] = [];
  readonly #rate: number;
  #lastInterval = intervalAt(MORNING);

  constructor(ppm: number) {
    this.#rate = 1 + ppm / 1e6;
  }

  run(seconds: number): void {
    this.now += seconds;
    this.time += seconds * this.#rate;
    this.#lastInterval = Math.max(this.#lastInterval, intervalAt(this.time));
    this.heard.push([intervalAt(this.now), at(this.time, this.epoch & 255)]);
  }

  lose(seconds: number): void {
    this.now += seconds;
    this.time = intervalStart(this.#lastInterval + 1);
    this.#begin(undefined);
  }

  visit(): void {
    const moved = Math.round(this.now - this.time);
    const doubtful = this.epochs[0]!.moved === undefined;
    this.time = this.now;
    if (doubtful || Math.abs(moved) >= 60) this.#begin(moved);
  }

  status(): TokenStatus {
    return statusWith(this.epoch & 255, Math.floor(this.time), this.epochs);
  }

  #begin(moved: number | undefined): void {
    this.epochs.unshift({ time: Math.floor(this.time), moved });
    this.epoch++;
  }
}

test("whatever happens to a clock, an encounter was when the correction says", () => {
  const event = fc.oneof(
    fc.tuple(fc.constant("run" as const), fc.integer({ min: 60, max: 3 * DAY })),
    fc.tuple(fc.constant("lose" as const), fc.integer({ min: 1, max: 3 * DAY })),
    fc.tuple(fc.constant("visit" as const), fc.constant(0)),
  );
  const events = fc.array(event, { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(fc.integer({ min: -500, max: 500 }), events, (ppm, happening) => {
      const clock = new Clock(ppm);
      for (const [what, seconds] of happening) clock[what](seconds);
      const status = clock.status();
      const kept = clock.heard.filter(([, { epoch }]) => {
        return ((status.clockEpoch - epoch) & 255) < EPOCHS_KEPT;
      });
      const found = correctTimes(
        kept.map(([, encounter]) => encounter),
        status,
        clock.now,
      );
      found.forEach(({ interval, uncertainty = 0 }, index) => {
        // What a power loss pushes the clock ahead, and drift that nobody can know of: within what the matcher
        // tolerates.
        const slack = 12;
        const truth = kept[index]![0];
        expect(truth).toBeGreaterThanOrEqual(interval + Math.min(0, uncertainty) - slack);
        expect(truth).toBeLessThanOrEqual(interval + Math.max(0, uncertainty) + slack);
      });
    }),
    { numRuns: 1000 },
  );
});
