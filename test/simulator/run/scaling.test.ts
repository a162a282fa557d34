import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Air } from "../../../simulator/air/air.ts";
import { Hearing } from "../../../simulator/run/hearing.ts";
import { makeScenario } from "../../../simulator/run/recipe.ts";
import { runScenario } from "../../../simulator/run/run-scenario.ts";
import type { Episode } from "../../../simulator/scenarios/scenario.ts";
import { type Event, Timeline } from "../../../simulator/timeline.ts";
import { scanning, scripted } from "./scripted-boards.ts";
import { HOUR, MINUTE, recipeOf, smallTrace, writeSample } from "./small-world.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

afterEach(() => {
  vi.restoreAllMocks();
});

/** What was done for some hours of hearing. */
interface Work {
  scans: number;
  /** Senders that the air was asked about, summed over scans. */
  senders: number;
  /** How often an episode was looked at. */
  looks: number;
}

/**
 * Persons stand in a ring, and each of them meets the next `near` ones, `meetings` times for ten minutes one after the other, in two
 * hours of scans each minute.
 */
function hear(persons: number, near: number, meetings: number): Work {
  const work: Work = { scans: 0, senders: 0, looks: 0 };
  const episode = (a: number, b: number, from: number, to: number): Episode => ({
    a: Math.min(a, b),
    b: Math.max(a, b),
    from,
    get to() {
      work.looks++;
      return to;
    },
    metres: 1,
    offA: 0,
    offB: 0,
    walls: 0,
  });
  const air: Air = {
    scan: (_receiver, _seconds, _scan, senders) => {
      work.senders += senders.length;
      return senders.map((_, sender) => ({ at: 1, sender, rssi: -60 }));
    },
  };
  const timeline = new Timeline(0);
  const devices = Array.from({ length: persons }, () =>
    scripted(timeline, scanning(0, 1000 * MINUTE)),
  );
  const own = [...devices.keys()];
  const hearing = new Hearing(devices, own, air, timeline, 0);
  hearing.onScan = () => work.scans++;
  const day: Episode[] = [];
  for (let meeting = 0; meeting < meetings; meeting++) {
    const from = meeting * 10 * MINUTE;
    for (const a of own) {
      for (let step = 1; step <= near; step++) {
        day.push(episode(a, (a + step) % persons, from, from + 10 * MINUTE));
      }
    }
  }
  hearing.enter(day);
  timeline.runUntil(2 * HOUR * 1000);
  return work;
}

describe("hearing costs", () => {
  test("twice as much for twice as many persons", () => {
    const [one, two] = [hear(20, 3, 12), hear(40, 3, 12)];
    expect(one.scans).toBe(20 * 120);
    // Six others are in reach at any time.
    expect(one.senders).toBe(20 * 120 * 6);
    expect(two).toEqual({ scans: 2 * one.scans, senders: 2 * one.senders, looks: 2 * one.looks });
  });

  test("in proportion to contacts, whether they are one after the other or at a time", () => {
    const none = hear(20, 3, 0);
    expect(none).toEqual({ scans: 20 * 120, senders: 0, looks: 0 });
    const [once, often, many] = [hear(20, 3, 1), hear(20, 3, 10), hear(20, 6, 1)];
    expect(often.senders).toBe(10 * once.senders);
    expect(often.looks).toBeLessThanOrEqual(10 * once.looks);
    expect(many.senders).toBe(2 * once.senders);
    expect(many.looks).toBe(2 * once.looks);
  });

  test("at each scan no more than a look at each episode that goes on, begins or has ended", () => {
    const { looks, senders } = hear(20, 3, 12);
    const episodes = 20 * 3 * 12;
    // Each is seen by two, when it begins and when it is found to have ended.
    expect(looks).toBeLessThanOrEqual(senders + 2 * 2 * episodes);
  });
});

/** Lives through some days of a small trace with so many persons. */
async function live(persons: number, days: number, midnight: (day: number) => void = () => {}) {
  const path = writeSample(`${persons} for ${days}.dat`, smallTrace(persons, days));
  const recipe = await recipeOf(path, days);
  return runScenario(
    makeScenario(recipe.source, days, "a"),
    recipe,
    "a",
    { index: 0, of: 1 },
    {
      goesOn: () => true,
      progress: (hours) => {
        if (hours % 24 === 0) midnight(hours / 24);
      },
    },
  );
}

test("a run's events grow with persons and with days, and no faster", async () => {
  let events = 0;
  const after = Timeline.prototype.after;
  vi.spyOn(Timeline.prototype, "after").mockImplementation(function (this: Timeline, ...args) {
    events++;
    return after.apply(this, args);
  });
  // Without the visits at both ends, and without the first day, on which tokens have just been handed out.
  const inDays = async (persons: number, days: number): Promise<number> => {
    let [first, last] = [0, 0];
    await live(persons, days, (day) => {
      if (day === 1) first = events;
      if (day === days) last = events;
    });
    return last - first;
  };
  const one = await inDays(4, 2);
  expect(one).toBeGreaterThan(4 * 100);
  expect((await inDays(8, 2)) / one).toBeCloseTo(2, 1);
  expect((await inDays(4, 4)) / one).toBeCloseTo(3, 1);
});

test("memory does not grow with days, but for what the outcome holds", async () => {
  const PERSONS = 10;
  const heap: number[] = [];
  const { tokens } = await live(PERSONS, 6, () => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    heap.push(heapUsed + arrayBuffers);
  });
  const [, second = 0, , , , sixth = 0] = heap;
  // Two numbers for each token and day. What else a token takes is in flash, which is there from the beginning; half a million bytes
  // are given to the compiler, which goes on.
  const numbers = tokens.reduce(
    (sum, { fill, heardMinutes }) => sum + fill.length + heardMinutes.length,
    0,
  );
  expect(numbers).toBe(2 * 6 * PERSONS);
  expect(sixth - second).toBeLessThan(16 * numbers + 500_000);
});

test("events that were called off do not pile up", async () => {
  const PERSONS = 10;
  const waiting = new Set<Event>();
  let timeline: Timeline | undefined;
  const after = Timeline.prototype.after;
  vi.spyOn(Timeline.prototype, "after").mockImplementation(function (this: Timeline, ...args) {
    timeline = this;
    const event = after.apply(this, args);
    waiting.add(event);
    return event;
  });
  const calledOff: number[] = [];
  await live(PERSONS, 4, () => {
    const now = timeline?.now ?? 0;
    for (const event of waiting) if (event.at <= now) waiting.delete(event);
    calledOff.push([...waiting].filter(({ action }) => action === undefined).length);
    // What is to come is a few timers for each token.
    expect(waiting.size).toBeLessThan(10 * PERSONS);
  });
  expect(calledOff).toHaveLength(4);
  for (const count of calledOff) expect(count).toBeLessThanOrEqual(2 * PERSONS);
});
