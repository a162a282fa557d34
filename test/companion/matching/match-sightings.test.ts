import { describe, expect, test } from "vitest";
import { publishedKeys } from "../../../companion/exports/published-keys.ts";
import { matchSightings, type Sighting } from "../../../companion/matching/match-sightings.ts";
import { parseSightings } from "../../../companion/matching/sightings-file.ts";
import { fromHex, vectors } from "../../support/vectors.ts";
import { failureCode } from "../exports/make-export.ts";

const FILES = [
  publishedKeys([
    {
      keyData: fromHex(vectors.tek),
      rollingStartIntervalNumber: vectors.startInterval,
      rollingPeriod: 144,
      transmissionRiskLevel: 0,
      reportType: 2,
      daysSinceOnsetOfSymptoms: -3,
    },
  ]),
];

// The vectors' wearer, heard so many seconds after the beginning of the interval with this index.
function heard(index: number, seconds: number, changes: Partial<Sighting> = {}): Sighting {
  const [interval, rpi, aem] = vectors.intervals[index]!;
  return {
    rpi: fromHex(rpi),
    aem: fromHex(aem),
    time: interval * 600 + seconds,
    previousScan: 0,
    rssi: -60,
    ...changes,
  };
}

test("every interval of the published vectors is found, with what its window needs", async () => {
  const log = vectors.intervals.map((_, index) => heard(index, 7, { previousScan: index }));
  const matches = await matchSightings(log, FILES);
  expect(matches).toHaveLength(144);
  expect(matches[5]).toEqual({
    group: 0,
    time: log[5]!.time,
    previousScan: 5,
    attenuation: 68,
    calibrationConfidence: 0,
    reportType: 2,
    daysSinceOnsetOfSymptoms: -3,
  });
});

test("any changed bit of the whole RPI ends the match", async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 128 }, async (_, bit) => {
      const sighting = heard(3, 0);
      const rpi = Uint8Array.from(sighting.rpi);
      rpi[bit >> 3]! ^= 1 << (bit & 7);
      return (await matchSightings([{ ...sighting, rpi }], FILES)).length;
    }),
  );
  expect(outcomes).toEqual(Array(128).fill(0));
});

describe("tolerances", () => {
  test.each([
    [-12 * 600 - 1, 0],
    [-12 * 600, 1],
    [0, 1],
    [13 * 600 - 1, 1],
    [13 * 600, 0],
  ])("a sighting %i seconds after its interval began gives %i match", async (seconds, count) => {
    expect(await matchSightings([heard(70, seconds)], FILES)).toHaveLength(count);
  });

  test("a sighting more than 1200 seconds after the RPI's first is a replay", async () => {
    const log = [heard(20, 1301), heard(20, 100), heard(20, 1300), heard(20, 3000)];
    const matches = await matchSightings(log, FILES);
    expect(matches.map(({ time }) => time - log[1]!.time)).toEqual([0, 1200]);
  });

  test("a sighting at an impossible time does not make later ones a replay", async () => {
    const log = [heard(20, -13 * 600), heard(20, 100)];
    expect(await matchSightings(log, FILES)).toHaveLength(1);
  });

  test.each([0, 3, 5])("an AEM of %i bytes does not count", async (length) => {
    const aem = new Uint8Array(length);
    aem.set(heard(20, 0).aem.subarray(0, length));
    expect(await matchSightings([heard(20, 0, { aem })], FILES)).toEqual([]);
  });

  test("attenuation is never negative", async () => {
    const matches = await matchSightings([heard(20, 0, { rssi: 30 })], FILES);
    expect(matches[0]?.attenuation).toBe(0);
  });
});

describe("a file of sightings", () => {
  const file = (...lines: string[]): Uint8Array => Buffer.from(lines.join("\n"));
  const line = (changes: object = {}): string =>
    JSON.stringify({ rpi: "00".repeat(16), aem: "0a0B0c0d", time: 1e9, rssi: -60, ...changes });

  test("has one object a line", () => {
    expect(parseSightings(file(line(), "", line({ previousScan: 5 }), ""))).toEqual([
      {
        rpi: new Uint8Array(16),
        aem: Uint8Array.of(10, 11, 12, 13),
        time: 1e9,
        previousScan: 0,
        rssi: -60,
      },
      {
        rpi: new Uint8Array(16),
        aem: Uint8Array.of(10, 11, 12, 13),
        time: 1e9,
        previousScan: 5,
        rssi: -60,
      },
    ]);
  });

  test.each([
    ["no JSON", "{rpi"],
    ["a short RPI", line({ rpi: "00" })],
    ["no time", line({ time: undefined })],
    ["a time in milliseconds", line({ time: 1.6e12 })],
    ["an RSSI that cannot be", line({ rssi: 127 })],
    ["a field that nobody knows", line({ name: "x" })],
  ])("is refused with %s", (_, wrong) => {
    expect(failureCode(() => parseSightings(file(line(), wrong)))).toBe("log-malformed");
    expect(() => parseSightings(file(line(), wrong))).toThrow(/^Line 2 /);
  });

  test("is refused when it is something else altogether", () => {
    expect(failureCode(() => parseSightings(file("SQLite format 3")))).toBe("log-malformed");
  });

  test("is refused when it is empty", () => {
    expect(failureCode(() => parseSightings(file("", "")))).toBe("log-malformed");
  });

  test("may begin with a byte-order mark", () => {
    expect(parseSightings(file(`\uFEFF${line()}`))).toHaveLength(1);
  });
});
