import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type MatchedSighting,
  windowsOfSightings,
} from "../../../companion/risk/exposure-windows.ts";
import { EXPRESS_KEYS } from "../../../companion/risk/keys-data-mapping.ts";

const DAY = 86_400;
const NOON = 20_000 * DAY + DAY / 2;

const sighting = (changes: Partial<MatchedSighting> = {}): MatchedSighting => ({
  group: 0,
  time: NOON,
  previousScan: 0,
  attenuation: 60,
  calibrationConfidence: 1,
  reportType: 1,
  daysSinceOnsetOfSymptoms: 0,
  ...changes,
});

const at = (...seconds: number[]) =>
  seconds.map((second) => sighting({ time: NOON + second, previousScan: NOON + second - 300 }));

const scanCounts = (sightings: MatchedSighting[]) =>
  windowsOfSightings(sightings).map((window) => window.scanInstances.length);

describe("a window", () => {
  test("ends before the sighting that is 1800 seconds after its first", () => {
    expect(scanCounts(at(0, 300, 1799))).toEqual([3]);
    expect(scanCounts(at(0, 300, 1800))).toEqual([2, 1]);
    // Counted anew from the first of the second one.
    expect(scanCounts(at(0, 1800, 3599, 3600))).toEqual([1, 2, 1]);
  });

  test("begins a scan of its own, however close the last sighting was", () => {
    expect(scanCounts(at(0, 1790, 1800))).toEqual([2, 1]);
  });

  test("is of one key", () => {
    const two = [sighting(), sighting({ group: 1, time: NOON + 5 })];
    expect(scanCounts(two)).toEqual([1, 1]);
  });

  test("is of the UTC day of its first sighting", () => {
    const midnight = 20_001 * DAY;
    const times = [midnight - 1, midnight + 300].map((time) => sighting({ time }));
    expect(windowsOfSightings(times).map(({ day }) => day)).toEqual([20_000]);
    expect(windowsOfSightings([sighting({ time: midnight })])[0]?.day).toBe(20_001);
  });

  test("has the calibration confidence of its first sighting", () => {
    const [window] = windowsOfSightings([
      sighting({ time: NOON + 300, calibrationConfidence: 3 }),
      sighting({ calibrationConfidence: 2 }),
    ]);
    expect(window?.calibrationConfidence).toBe(2);
  });

  test("has the report as it is mapped, or is dropped", () => {
    const of = (changes: Partial<MatchedSighting>) =>
      windowsOfSightings([sighting(changes)]).map((window) => [
        window.reportType,
        window.infectiousness,
      ]);
    expect(of({})).toEqual([[1, 2]]);
    expect(of({ reportType: 0, daysSinceOnsetOfSymptoms: undefined })).toEqual([[3, 1]]);
    expect(of({ reportType: 5 })).toEqual([]);
    expect(of({ reportType: 4 })).toEqual([]);
    expect(of({ reportType: 9 })).toEqual([]);
    expect(of({ daysSinceOnsetOfSymptoms: 11 })).toEqual([]);
    const recursive = { ...EXPRESS_KEYS, reportTypes: [1, 2, 3, 4] as const };
    expect(windowsOfSightings([sighting({ reportType: 4 })], recursive)).toHaveLength(1);
  });
});

describe("a scan instance", () => {
  test("goes on while a sighting is at most 25.5 seconds after the one before", () => {
    expect(scanCounts(at(0, 25, 50))).toEqual([1]);
    expect(scanCounts(at(0, 25.5))).toEqual([1]);
    expect(scanCounts(at(0, 25.6))).toEqual([1 + 1]);
    expect(scanCounts(at(0, 26))).toEqual([2]);
    // After the one before, not after the scan's first.
    expect(scanCounts(at(0, 20, 40, 60, 300, 320))).toEqual([2]);
  });

  test.each([
    [[60, 61], 61],
    [[60, 60, 61], 60],
    [[60, 61, 61], 61],
    [[0, 0, 0, 1], 0],
    [[1, 2, 3, 4], 3],
  ])("has the mean of all attenuations %j, rounded half up: %i", (attenuations, typical) => {
    const heard = attenuations.map((attenuation, index) =>
      sighting({ attenuation, time: NOON + index }),
    );
    expect(windowsOfSightings(heard)[0]?.scanInstances).toEqual([
      {
        typicalAttenuation: typical,
        minAttenuation: Math.min(...attenuations),
        secondsSinceLastScan: 120,
      },
    ]);
  });

  test.each([
    ["unknown", 0, 120],
    ["in the same minute", NOON + 1, 0],
    ["in the minute before", NOON - 1, 60],
    ["four minutes ago by the clock", NOON - 181, 240],
    ["five", NOON - 300, 300],
    ["ten", NOON - 600, 300],
    ["in the future, since the clock was set back", NOON + 120, -120],
  ])("counts from the scan before it, which was %s", (_, previousScan, seconds) => {
    const [window] = windowsOfSightings([sighting({ previousScan, time: NOON + 30 })]);
    expect(window?.scanInstances[0]?.secondsSinceLastScan).toBe(seconds);
  });

  test("counts from the scan before its first sighting, whatever the others say", () => {
    const [window] = windowsOfSightings([
      sighting({ time: NOON + 4, previousScan: NOON - 600 }),
      sighting({ time: NOON, previousScan: NOON - 180 }),
    ]);
    expect(window?.scanInstances[0]?.secondsSinceLastScan).toBe(180);
  });
});

const sightings = fc.array(
  fc.record({
    group: fc.integer({ min: 0, max: 2 }),
    time: fc.integer({ min: NOON, max: NOON + 7200 }),
    attenuation: fc.integer({ min: 0, max: 120 }),
  }),
  { maxLength: 40 },
);

test("the order in which sightings come does not matter", () => {
  fc.assert(
    fc.property(sightings, (given) => {
      const all = given.map(sighting);
      // Of equal time they may come in any order, which only the mean and the least attenuation hide.
      expect(windowsOfSightings([...all].reverse())).toHaveLength(windowsOfSightings(all).length);
      const times = new Set(all.map(({ time }) => time));
      fc.pre(times.size === all.length);
      expect(windowsOfSightings([...all].reverse())).toEqual(windowsOfSightings(all));
    }),
  );
});

test("no window is longer than its scans, and no attenuation is out of what was heard", () => {
  fc.assert(
    fc.property(sightings, (given) => {
      const all = given.map(sighting);
      const windows = windowsOfSightings(all);
      const scans = windows.flatMap((window) => window.scanInstances);
      expect(scans.length).toBeLessThanOrEqual(all.length);
      expect(windows.every((window) => window.scanInstances.length > 0)).toBe(true);
      const heard = all.map(({ attenuation }) => attenuation);
      for (const { minAttenuation, typicalAttenuation } of scans) {
        expect(heard).toContain(minAttenuation);
        expect(typicalAttenuation).toBeGreaterThanOrEqual(minAttenuation);
        expect(typicalAttenuation).toBeLessThanOrEqual(Math.max(...heard));
      }
    }),
  );
});
