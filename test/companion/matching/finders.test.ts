import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { publishedKeys } from "../../../companion/exports/published-keys.ts";
import { KernelFinder } from "../../../companion/matching/kernel-finder.ts";
import type { KeyFinder, KeyTimes } from "../../../companion/matching/key-finder.ts";
import {
  type IndexedEntry,
  indexLog,
  type LogIndex,
} from "../../../companion/matching/log-index.ts";
import { nodePrimitives } from "../../../companion/matching/node-primitives.ts";
import { PlainFinder } from "../../../companion/matching/plain-finder.ts";
import { ThreadsFinder } from "../../../companion/matching/threads-finder.ts";
import { deriveRpi, hkdf16, RPIK_INFO } from "../../../protocol/key-schedule.ts";
import { fromHex, vectors } from "../../support/vectors.ts";

const DAY = 144;
const START = vectors.startInterval;

// Deterministic bytes.
const bytes = (label: string): Uint8Array =>
  createHash("sha256").update(label).digest().subarray(0, 16);

const tek = (number: number): Uint8Array => bytes(`key ${number}`);

const rpiOf = (key: Uint8Array, interval: number): Uint8Array =>
  deriveRpi(nodePrimitives, hkdf16(nodePrimitives, key, RPIK_INFO), interval);

// Keys with these starts and periods; 144 intervals where nothing else is said.
const keysWith = (starts: readonly number[], period = (_: number): number => DAY): KeyTimes =>
  publishedKeys(
    starts.map((rollingStartIntervalNumber, index) => ({
      keyData: tek(index),
      rollingStartIntervalNumber,
      rollingPeriod: period(index),
      transmissionRiskLevel: 0,
      reportType: 1,
    })),
  );

// What the log has of a key: heard in the interval for which it was made.
const heard = (key: number, interval: number): IndexedEntry => ({
  rpi: rpiOf(tek(key), interval),
  first: interval,
  last: interval,
});

const stranger = (label: string, interval: number): IndexedEntry => ({
  rpi: bytes(`stranger ${label}`),
  first: interval - 12,
  last: interval + 12,
});

const pairs = (found: Uint32Array): number[][] =>
  Array.from({ length: found.length / 2 }, (_, i) => [found[2 * i]!, found[2 * i + 1]!]);

const FINDERS: [string, (index: LogIndex) => KeyFinder][] = [
  ["the kernel", (index) => new KernelFinder(index)],
  ["the plain implementation", (index) => new PlainFinder(index)],
  ["two threads", (index) => new ThreadsFinder(index, 2)],
];

describe.each(FINDERS)("%s", (_, open) => {
  const find = async (log: readonly IndexedEntry[], keys: KeyTimes): Promise<number[][]> => {
    const finder = open(indexLog(log));
    onTestFinished(() => finder.close());
    return pairs(await finder.find(keys));
  };

  test("finds every interval of the published vectors", async () => {
    const log = vectors.intervals.map(([interval, rpi]) => ({
      rpi: fromHex(rpi),
      first: interval,
      last: interval,
    }));
    const keys = { ...keysWith([START]), keyData: fromHex(vectors.tek) };
    expect(await find(log, keys)).toEqual(vectors.intervals.map(([interval]) => [0, interval]));
  });

  test("finds a key at every place of a batch, and none behind the last one", async () => {
    const keys = keysWith(Array(300).fill(START));
    const log = Array.from({ length: 300 }, (_, key) => heard(key, START + (key % DAY)));
    const expected = log.map((_, key) => [key, START + (key % DAY)]);
    expect(await find(log, keys)).toEqual(expected);
    expect(await find(log, keysWith(Array(3).fill(START)))).toEqual(expected.slice(0, 3));
  });

  test("compares seven bytes of the RPI", async () => {
    const found = await Promise.all(
      Array.from({ length: 64 }, (_, bit) => {
        const entry = heard(0, START + 5);
        entry.rpi[bit >> 3]! ^= 1 << (bit & 7);
        return find([entry], keysWith([START]));
      }),
    );
    expect(found.map((each) => each.length)).toEqual(
      Array.from({ length: 64 }, (_, bit) => (bit < 56 ? 0 : 1)),
    );
  });

  test("finds a key only in intervals of its rolling period", async () => {
    const log = [9, 10, 49, 50].map((offset) => heard(0, START + offset));
    const keys = keysWith([START + 10], () => 40);
    expect(await find(log, keys)).toEqual([
      [0, START + 10],
      [0, START + 49],
    ]);
  });

  test("finds an RPI only in intervals for which it may have been made", async () => {
    const entry = { ...heard(0, START + 20), first: START + 21, last: START + 40 };
    expect(await find([entry], keysWith([START]))).toEqual([]);
    expect(await find([{ ...entry, first: START + 20 }], keysWith([START]))).toHaveLength(1);
    expect(await find([{ ...entry, first: 0, last: START + 20 }], keysWith([START]))).toHaveLength(
      1,
    );
    expect(await find([{ ...entry, first: 0, last: START + 19 }], keysWith([START]))).toEqual([]);
  });

  test("finds keys of all days, aligned or not, across a change of the interval's upper bytes", async () => {
    // The kernel treats 256 intervals as one block.
    const boundary = Math.ceil(START / 256) * 256;
    const starts = [boundary - 100, boundary - 143, boundary - 1, boundary, START + 3 * DAY, 0];
    const log = starts.flatMap((start, key) =>
      [0, 1, 70, 142, 143].map((offset) => heard(key, start + offset)),
    );
    expect(await find(log, keysWith(starts))).toEqual(
      starts.flatMap((start, key) => [0, 1, 70, 142, 143].map((offset) => [key, start + offset])),
    );
  });

  test("takes keys whose bytes are not aligned in memory", async () => {
    const keys = keysWith([START, START]);
    const keyData = new Uint8Array(33).subarray(1);
    keyData.set(keys.keyData);
    expect(await find([heard(1, START + 7)], { ...keys, keyData })).toEqual([[1, START + 7]]);
  });

  test("finds nothing in an empty log, and nothing without keys", async () => {
    expect(await find([], keysWith([START]))).toEqual([]);
    expect(await find([heard(0, START)], keysWith([]))).toEqual([]);
  });
});

describe("the kernel finds what the plain implementation finds", () => {
  const both = async (log: readonly IndexedEntry[], keys: KeyTimes) => {
    const index = indexLog(log);
    const plain = await new PlainFinder(index).find(keys);
    expect(pairs(await new KernelFinder(index).find(keys))).toEqual(pairs(plain));
    return plain.length / 2;
  };

  test.each([500, 5_000, 50_000])(
    "in a log of %i encounters, of which one in ten is with a key",
    async (size) => {
      const keys = keysWith(Array.from({ length: 700 }, (_, key) => START + DAY * (key % 14)));
      const log = Array.from({ length: size }, (_, i) => {
        const key = i % 700;
        const interval = START + DAY * (key % 14) + ((i * 31) % DAY);
        if (i % 10 !== 0) return stranger(String(i), interval);
        // Clocks differ by up to two hours.
        const off = (i % 25) - 12;
        return { ...heard(key, interval), first: interval + off - 12, last: interval + off + 12 };
      });
      expect(await both(log, keys)).toBeGreaterThanOrEqual(size / 40);
    },
  );

  test("on random logs and keys", async () => {
    const times = fc.record({
      day: fc.integer({ min: 0, max: 3 }),
      shift: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 143 })),
      period: fc.oneof(fc.constant(144), fc.integer({ min: 1, max: 144 })),
    });
    const entry = fc.record({
      key: fc.integer({ min: 0, max: 60 }),
      offset: fc.integer({ min: -20, max: 160 }),
      first: fc.integer({ min: -30, max: 5 }),
      length: fc.integer({ min: 0, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(times, { maxLength: 60 }),
        fc.array(entry, { maxLength: 40 }),
        async (keyTimes, entries) => {
          const starts = keyTimes.map(({ day, shift }) => START + day * DAY + shift);
          const keys = keysWith(starts, (index) => keyTimes[index]!.period);
          const log = entries.map(({ key, offset, first, length }) => {
            const interval = (starts[key] ?? START) + offset;
            const rpi = rpiOf(tek(key), interval);
            return { rpi, first: interval + first, last: interval + first + length };
          });
          await both(log, keys);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("a thread that ends early ends the search, with one sentence, now and later", async () => {
  // No log can be read from this, so that the thread fails.
  const finder = new ThreadsFinder({} as LogIndex, 2);
  onTestFinished(() => finder.close());
  const keys = keysWith([START]);
  await expect(finder.find(keys)).rejects.toMatchObject({ code: "search-ended" });
  await expect(finder.find(keys)).rejects.toMatchObject({ code: "search-ended" });
});
