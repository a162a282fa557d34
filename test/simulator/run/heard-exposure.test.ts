import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countScan, drainNeighbours, hear, neighbourCount } from "../../../firmware/neighbours.ts";
import { BEACON_BYTES, emptyBeacon, RPI_OFFSET } from "../../../protocol/beacon.ts";
import { packEncounter, packMark, RECORD_BYTES } from "../../../protocol/encounter-record.ts";
import { intervalAt } from "../../../protocol/intervals.ts";
import { exposureMinutes } from "../../../simulator/findings/kept.ts";
import { HeardExposure } from "../../../simulator/run/heard-exposure.ts";
import type { BeaconHeard } from "../../../simulator/run/hearing.ts";
import { DAY, HOUR, MINUTE, START } from "../../../simulator/scenarios/days.ts";

/** When a scan ends, and what it hears: identifier and dBm of each beacon. */
type Scan = readonly [to: number, ...beacons: readonly (readonly [number, number])[]];

function arrivalsOf(beacons: readonly (readonly [number, number])[]): BeaconHeard[] {
  return beacons.map(([identifier, rssi]) => ({ identifier, rssi }));
}

/** Exposure minutes of each day that these scans heard, by an exact clock. */
function heardIn(scans: readonly Scan[], days = 1): number[] {
  let now = 0;
  const exposure = new HeardExposure(() => Math.floor(now / DAY));
  for (const [to, ...beacons] of scans) {
    now = to;
    exposure.scanned({ to, arrivals: arrivalsOf(beacons) });
  }
  return exposure.end(days);
}

// Weights of the risk model: 0.8 below 63 dB, 1 below 73, 0.1 below 79, else none.
describe("a scan stands for", () => {
  test("half of the time since the one before and half of the time until the next", () => {
    expect(heardIn([[100], [220, [7, -65]], [460], [520]])).toEqual([3]);
    // Each of two that follow each other, and those heard twice in one scan count once.
    const scans: Scan[] = [[100], [220, [7, -65], [7, -67]], [460, [7, -65]], [820]];
    expect(heardIn(scans)).toEqual([3 + 5]);
  });

  test("for the first one and the last one, the time that is known", () => {
    expect(heardIn([[100, [7, -65]], [220]])).toEqual([2]);
    expect(heardIn([[100], [220, [7, -65]]])).toEqual([2]);
    expect(
      heardIn([
        [100, [7, -65]],
        [400, [7, -65]],
      ]),
    ).toEqual([10]);
  });

  test("no pause at a desk, and some minutes when there is no other scan", () => {
    const desk = 2 * HOUR;
    expect(heardIn([[0], [120], [desk, [7, -65]], [desk + 240]])).toEqual([4]);
    expect(heardIn([[0], [120, [7, -65]], [desk], [desk + 240]])).toEqual([2]);
    expect(heardIn([[0], [desk, [7, -65]]])).toEqual([4]);
  });
});

describe("minutes are weighed by the strongest signal", () => {
  const together = (...strengths: number[]): Scan[] => [
    ...strengths.map((rssi, at): Scan => [240 * at, [7, rssi]]),
    [240 * strengths.length],
  ];

  test("as the risk model weighs them", () => {
    expect(heardIn(together(-60))[0]).toBeCloseTo(4 * 0.8);
    expect(heardIn(together(-72))[0]).toBeCloseTo(4);
    expect(heardIn(together(-78))[0]).toBeCloseTo(4 * 0.1);
    expect(heardIn(together(-79))).toEqual([0]);
  });

  test("as a record has it: by 2 dB above the mean of its packets, 14 dB at most", () => {
    // The mean of these is -73, above which 1 dB is not written; -74 and 2 dB are.
    expect(heardIn([[0, [7, -74], [7, -72]], [240]])[0]).toBeCloseTo(4 * 0.1);
    expect(heardIn([[0, [7, -76], [7, -72]], [240]])[0]).toBeCloseTo(4);
    const far = Array.from({ length: 20 }, () => [7, -90] as const);
    expect(heardIn([[0, ...far, [7, -60]], [240]])[0]).toBeCloseTo(4 * 0.1);
  });

  test("of all batches of an identifier, since its records are joined", () => {
    expect(heardIn(together(-90, -90, -90, -70))[0]).toBeCloseTo(16);
    expect(heardIn(together(-70, -90, -90, -90))[0]).toBeCloseTo(16);
    // Each of two identifiers by its own.
    const [first, , ...rest] = together(-90, -90, -70);
    expect(heardIn([first!, [240, [8, -90]], ...rest])[0]).toBeCloseTo(8);
  });
});

describe("an identifier counts", () => {
  test("for the day in which the batch began that heard it first", () => {
    const late = DAY - 300;
    const scans: Scan[] = [
      [late, [7, -65]],
      [late + 240, [8, -65]],
      [late + 480, [9, -65]],
    ];
    expect(heardIn([...scans, [late + 720, [7, -65]], [late + 960]], 2)).toEqual([12, 4]);
  });

  test("as its records do", () => {
    const at = DAY - 100;
    const scans: Scan[] = [[at, [1, -65]], [at + 240, [2, -65]], [at + 480, [1, -65]], [at + 720]];
    expect(heardIn(scans, 2)).toEqual([12, 0]);
    expect(exposureMinutes(loggedIn(scans), START, 2)).toEqual([12, 0]);
  });

  test("not for days that were not lived through", () => {
    const scans: Scan[] = [[10, [7, -65]], [250], [DAY + 10, [8, -65]], [DAY + 250]];
    expect(heardIn(scans, 2)).toEqual([4, 4]);
    expect(heardIn(scans, 1)).toEqual([4]);
    expect(heardIn(scans, 0)).toEqual([]);
    expect(heardIn([], 2)).toEqual([0, 0]);
  });

  test("each for itself, however many there were in two weeks", () => {
    const scans = Array.from({ length: 14 * 360 }, (_, at): Scan => [240 * at, [at >> 2, -65]]);
    const byDay = heardIn(scans, 14);
    expect(byDay).toEqual(Array(14).fill(1440));
  });
});

/** What the firmware's own table writes of these scans, with a commit when it makes one. */
function loggedIn(scans: readonly Scan[]): Uint8Array {
  const records: Uint8Array[] = [];
  const commit = (batch: number): void =>
    drainNeighbours(intervalAt(START + batch), (interval, identifier, minutes, mean, best) => {
      records.push(packMark(interval, 1, 0));
      records.push(packEncounter(identifier, 0, minutes, mean, best));
    });
  let batch = 0;
  for (const [index, [to, ...beacons]] of scans.entries()) {
    if (neighbourCount && to >= batch + 290) commit(batch);
    if (!neighbourCount) batch = to;
    for (const [identifier, rssi] of beacons) {
      const payload = emptyBeacon(BEACON_BYTES).fill(identifier, RPI_OFFSET);
      hear({ data: payload.buffer as ArrayBuffer, rssi });
    }
    const before = index ? to - scans[index - 1]![0] : Number.NaN;
    const after = (scans[index + 1]?.[0] ?? Number.NaN) - to;
    const gaps = [before, after].filter((gap) => gap > 0);
    countScan(Math.round(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length));
  }
  if (neighbourCount) commit(batch);
  return new Uint8Array(Buffer.concat(records));
}

describe("any scans: of what was heard, the firmware's records hold", () => {
  const DAYS = 2;
  // Identifiers live for 20 minutes; here three neighbours change theirs every 16 minutes.
  const beacon = fc.record({
    neighbour: fc.integer({ min: 0, max: 2 }),
    rssi: fc.integer({ min: -99, max: -38 }),
  });
  const scansOf = (pause: fc.Arbitrary<number>): fc.Arbitrary<Scan[]> =>
    fc
      .array(fc.record({ pause, beacons: fc.array(beacon, { maxLength: 6 }) }), {
        minLength: 2,
        maxLength: 60,
      })
      .map((all) => {
        let to = DAY - 2 * HOUR;
        return all.map(({ pause, beacons }): Scan => {
          to += pause;
          const turn = Math.floor(to / (16 * MINUTE));
          return [
            to,
            ...beacons.map(
              ({ neighbour, rssi }) => [1 + ((3 * turn + neighbour) % 255), rssi] as const,
            ),
          ];
        });
      });

  test("all, where scans stand for whole minutes", () => {
    const scans = scansOf(fc.constantFrom(120, 240, 360));
    fc.assert(
      fc.property(scans, (all) => {
        const heard = heardIn(all, DAYS);
        const held = exposureMinutes(loggedIn(all), START, DAYS);
        for (let day = 0; day < DAYS; day++) expect(held[day]).toBeCloseTo(heard[day]!, 6);
      }),
    );
  });

  test("all but what rounding leaves over", () => {
    const scans = scansOf(fc.integer({ min: 70, max: 330 }));
    const sumOf = (minutes: readonly number[]): number =>
      minutes.reduce((sum, each) => sum + each, 0);
    fc.assert(
      fc.property(scans, (all) => {
        const log = loggedIn(all);
        const held = sumOf(exposureMinutes(log, START, DAYS));
        // Of each record half a minute, and half of one that another record has left over.
        const records = log.length / (2 * RECORD_BYTES);
        expect(Math.abs(held - sumOf(heardIn(all, DAYS)))).toBeLessThanOrEqual(records);
      }),
    );
  });
});
