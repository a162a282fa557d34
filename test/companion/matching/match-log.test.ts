import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PublishedKey, publishedKeys } from "../../../companion/exports/published-keys.ts";
import { type DatedEncounter, matchLog } from "../../../companion/matching/match-log.ts";
import { nodePrimitives } from "../../../companion/matching/node-primitives.ts";
import type { Encounter } from "../../../protocol/encounter-log.ts";
import {
  AEMK_INFO,
  cryptMetadata,
  deriveRpi,
  hkdf16,
  RPIK_INFO,
} from "../../../protocol/key-schedule.ts";
import { fromHex, vectors } from "../../support/vectors.ts";

const TEK = fromHex(vectors.tek);
const START = vectors.startInterval;

const match = (log: readonly DatedEncounter[], keys: readonly PublishedKey[]) =>
  matchLog(log, [publishedKeys(keys)]);

const key = (changes: Partial<PublishedKey> = {}): PublishedKey => ({
  keyData: TEK,
  rollingStartIntervalNumber: START,
  rollingPeriod: 144,
  transmissionRiskLevel: 0,
  reportType: 1,
  ...changes,
});

// What a token logs of the vectors' wearer at the interval with this index.
function heard(index: number, changes: Partial<DatedEncounter> = {}): DatedEncounter {
  const [interval, rpi, aem] = vectors.intervals[index]!;
  return {
    rpiPrefix: fromHex(rpi).subarray(0, 7),
    aemPrefix: fromHex(aem).subarray(0, 2),
    interval,
    epoch: 1,
    minutes: 5,
    meanRssi: -60,
    bestRssi: -54,
    ...changes,
  };
}

// The same with other metadata than the vectors'.
function heardWithMetadata(version: number, txPower: number): Encounter {
  const rpi = deriveRpi(nodePrimitives, hkdf16(nodePrimitives, TEK, RPIK_INFO), START);
  const aemk = hkdf16(nodePrimitives, TEK, AEMK_INFO);
  const metadata = Uint8Array.of(version, txPower & 255, 0, 0);
  const aem = cryptMetadata(nodePrimitives, aemk, rpi, metadata);
  return heard(0, { aemPrefix: aem.subarray(0, 2) });
}

test("every interval of the published vectors is found, with attenuation from both powers", async () => {
  const log = vectors.intervals.map((_, index) => heard(index));
  const matches = await match(log, [key()]);
  expect(matches).toHaveLength(144);
  expect(matches[0]).toEqual({
    group: 0,
    interval: START,
    minutes: 5,
    typicalAttenuation: 68,
    minAttenuation: 62,
    calibrationConfidence: 0,
    reportType: 1,
    daysSinceOnsetOfSymptoms: undefined,
  });
});

test("any changed bit of an identifier ends the match", async () => {
  const outcome = async (bit: number): Promise<number> => {
    const encounter = heard(3);
    const rpiPrefix = Uint8Array.from(encounter.rpiPrefix);
    rpiPrefix[bit >> 3]! ^= 1 << (bit & 7);
    return (await match([{ ...encounter, rpiPrefix }], [key()])).length;
  };
  expect(await Promise.all(Array.from({ length: 56 }, (_, bit) => outcome(bit)))).toEqual(
    Array(56).fill(0),
  );
});

describe("tolerances", () => {
  test.each([
    [-13, 0],
    [-12, 1],
    [0, 1],
    [12, 1],
    [13, 0],
  ])("an encounter %i intervals off the key's gives %i match", async (offset, count) => {
    const encounter = heard(70, { interval: vectors.intervals[70]![0] + offset });
    expect(await match([encounter], [key()])).toHaveLength(count);
  });

  test("only intervals of the key's rolling period count", async () => {
    const log = [heard(9), heard(10), heard(50)];
    const half = key({ rollingStartIntervalNumber: START + 10, rollingPeriod: 40 });
    expect((await match(log, [half])).map(({ interval }) => interval)).toEqual([START + 10]);
  });

  test("an identifier heard more than 20 minutes after its first time is a replay", async () => {
    const at = (offset: number): Encounter => heard(20, { interval: START + 20 + offset });
    const matches = await match([at(5), at(0), at(1), at(2), at(3)], [key()]);
    expect(matches.map((match) => match.interval - START - 20).sort()).toEqual([0, 1, 2]);
  });

  test.each([
    ["version 1.0", 0x40, 0, 1],
    ["version 1.1", 0x5c, 0, 1],
    ["another major version", 0x80, 0, 0],
    ["reserved bits set", 0x41, 0, 0],
    ["transmit power -50 dBm", 0x40, -50, 1],
    ["transmit power -51 dBm", 0x40, -51, 0],
    ["transmit power 20 dBm", 0x40, 20, 1],
    ["transmit power 21 dBm", 0x40, 21, 0],
  ])("metadata with %s", async (_, version, txPower, count) => {
    expect(await match([heardWithMetadata(version, txPower)], [key()])).toHaveLength(count);
  });

  test("confidence of calibration comes from version 1.1", async () => {
    expect((await match([heardWithMetadata(0x58, 0)], [key()]))[0]?.calibrationConfidence).toBe(2);
  });

  test("attenuation is never negative", async () => {
    const matches = await match([heard(0, { meanRssi: 30, bestRssi: 40 })], [key()]);
    expect(matches[0]).toMatchObject({ typicalAttenuation: 0, minAttenuation: 0 });
  });
});

describe("an encounter of uncertain time", () => {
  test.each([
    [300, -13, 0],
    [300, -12, 1],
    [300, 0, 1],
    [300, 312, 1],
    [300, 313, 0],
    [-300, -313, 0],
    [-300, -312, 1],
    [-300, 12, 1],
    [-300, 13, 0],
  ])(
    "by %i intervals, and sent %i after it was heard, gives %i match",
    async (uncertainty, offset, count) => {
      const [sent] = vectors.intervals[70]!;
      const matches = await match([heard(70, { interval: sent - offset, uncertainty })], [key()]);
      // The sender's clock says when it was.
      expect(matches.map(({ interval }) => interval)).toEqual(Array(count).fill(sent));
    },
  );

  test("by a year costs no more than the keys that there are", async () => {
    const log = vectors.intervals.map((_, index) =>
      heard(index, { interval: START - 50_000 + index, uncertainty: 52_560 }),
    );
    expect(await match(log, [key()])).toHaveLength(144);
  });

  test("does not widen the tolerance of another", async () => {
    const uncertain = heard(20, { interval: START - 400, uncertainty: 430 });
    const certain = heard(70, { interval: START - 400, epoch: 2 });
    expect(await match([uncertain, certain], [key()])).toHaveLength(1);
  });

  test("is a replay by its own clock", async () => {
    const at = (offset: number) =>
      heard(20, { interval: START - 400 + offset, uncertainty: 430, minutes: offset + 1 });
    const matches = await match([at(0), at(2), at(3), at(9)], [key()]);
    expect(matches.map(({ minutes }) => minutes)).toEqual([1, 3]);
  });

  test("is a replay of another clock's only when no uncertainty explains it", async () => {
    const first = heard(20, { epoch: 1 });
    const later = (offset: number, uncertainty: number) =>
      heard(20, { epoch: 2, interval: START + 20 + offset, uncertainty });
    expect(await match([first, later(-9, 300)], [key()])).toHaveLength(2);
    expect(await match([first, later(9, -6)], [key()])).toHaveLength(2);
    expect(await match([first, later(9, 6)], [key()])).toHaveLength(1);
  });
});

test("a correction that grows by an interval makes nobody a replay", async () => {
  const log = [
    heard(20),
    heard(20, { interval: START + 23, loggedInterval: START + 22 }),
    heard(20, { interval: START + 24, loggedInterval: START + 23 }),
  ];
  expect((await match(log, [key()])).map(({ interval }) => interval)).toEqual([
    START + 20,
    START + 23,
  ]);
});

test("a key that is published twice counts once", async () => {
  expect(await match([heard(0)], [key(), key()])).toHaveLength(1);
});

test("a revoked key does not match, neither does a recursive report", async () => {
  expect(await match([heard(0)], [key(), key({ reportType: 5 })])).toEqual([]);
  expect(await match([heard(0)], [key({ reportType: 4 })])).toEqual([]);
});

test("keys of strangers never match", async () => {
  const log = vectors.intervals.map((_, index) => heard(index));
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 16 }), async (keyData) => {
      fc.pre(!Buffer.from(keyData).equals(TEK));
      expect(await match(log, [key({ keyData })])).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

describe("a key that comes again in a later file", () => {
  const files = (...reports: Partial<PublishedKey>[]) =>
    reports.map((changes) => publishedKeys([key(changes)]));

  test("counts once, with its latest report and onset", async () => {
    const matches = await matchLog(
      [heard(0)],
      files({ reportType: 3 }, { reportType: 1, daysSinceOnsetOfSymptoms: 2 }),
    );
    expect(matches).toMatchObject([{ reportType: 1, daysSinceOnsetOfSymptoms: 2 }]);
  });

  test.each([
    [0, 3, 3],
    [0, 1, 1],
    [3, 2, 2],
    [3, 1, 1],
    [2, 1, 1],
    [1, 1, 1],
    [1, 2, 1],
    [1, 3, 1],
    [1, 0, 1],
    [2, 3, 2],
    [3, 0, 3],
  ])(
    "as report %i and then %i counts as %i: never as less than before",
    async (first, second, counts) => {
      const matches = await matchLog(
        [heard(0)],
        files({ reportType: first }, { reportType: second }),
      );
      expect(matches.map(({ reportType }) => reportType)).toEqual([counts]);
    },
  );

  test.each([4, 6, 255])("as a report of type %i is passed over", async (reportType) => {
    expect(await matchLog([heard(0)], files({ reportType: 1 }, { reportType }))).toHaveLength(1);
    expect(await matchLog([heard(0)], files({ reportType }, { reportType: 1 }))).toHaveLength(1);
  });

  test("stays revoked", async () => {
    const again = files({ reportType: 2 }, { reportType: 5 }, { reportType: 1 });
    expect(await matchLog([heard(0)], again)).toEqual([]);
    expect(await matchLog([heard(0)], files({ reportType: 5 }, { reportType: 1 }))).toEqual([]);
  });

  test("ends the match when it is revoked", async () => {
    expect(await matchLog([heard(0)], files({ reportType: 2 }, { reportType: 5 }))).toEqual([]);
  });

  test.each([{ rollingPeriod: 100 }, { rollingStartIntervalNumber: START - 1 }])(
    "is passed over when its times are others: %j",
    async (times) => {
      const matches = await matchLog([heard(0)], files({}, { ...times, reportType: 5 }));
      expect(matches).toHaveLength(1);
    },
  );
});

test.each([4, 5, 6, 255])("a report of type %i gives no match", async (reportType) => {
  expect(await match([heard(0)], [key({ reportType })])).toEqual([]);
});

test("keys are grouped by wearer and day, in the order of publication", async () => {
  const other = key({ keyData: new Uint8Array(16) });
  const matches = await match([heard(3), heard(0)], [other, key()]);
  expect(matches.map(({ group, interval }) => [group, interval - START])).toEqual([
    [0, 0],
    [0, 3],
  ]);
});
