import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  countScan,
  drainNeighbours,
  hear,
  MOST_NEIGHBOURS,
  neighbourCount,
} from "../../firmware/neighbours.ts";
import { UnalignedUint32Array } from "../../simulator/espruino/unaligned.ts";
import { ADVERTISEMENTS, HOSTILE_SHAPES, MOST_BYTES } from "../support/advertisements.ts";
import { heard } from "../support/token/machine.ts";
import { fromHex, toHex } from "../support/vectors.ts";

const beacon = heard(-60, new Uint8Array(20).fill(7));

function drained(): number[] {
  const minutes: number[] = [];
  drainNeighbours(0, (_, __, each) => minutes.push(each));
  return minutes;
}

test("scans that were cut short take nothing from those that were not", () => {
  for (let visit = 0; visit < 50; visit++) {
    hear(beacon);
    // No scan has ended.
    expect(drained()).toEqual([1]);
  }
  let sum = 0;
  for (let scan = 0; scan < 10; scan++) {
    hear(beacon);
    countScan(250);
    sum += drained()[0]!;
  }
  expect(Math.abs(sum - (10 * 250) / 60)).toBeLessThanOrEqual(1);
});

test("over many records of one neighbour the minutes are right", () => {
  for (const span of [61, 89, 100, 239, 250, 281]) {
    let sum = 0;
    for (let scan = 0; scan < 100; scan++) {
      hear(beacon);
      countScan(span);
      sum += drained()[0]!;
    }
    expect(Math.abs(sum - (100 * span) / 60)).toBeLessThanOrEqual(1);
  }
});

describe("whatever is advertised", () => {
  // A phone's RSSI is anything from -127 to 20.
  const rssi = fc.integer({ min: -127, max: 20 });

  const Aligned = Uint32Array;
  function AsOnEspruino(source: ArrayBuffer, offset: number, length: number): Uint32Array {
    return offset % 4
      ? UnalignedUint32Array(source, offset, length)
      : new Aligned(source, offset, length);
  }

  function hearAll(packets: readonly (readonly [Uint8Array, number])[]): void {
    vi.stubGlobal("Uint32Array", AsOnEspruino);
    try {
      for (const [bytes, rssi] of packets) hear({ rssi, data: Uint8Array.from(bytes).buffer });
    } finally {
      vi.unstubAllGlobals();
    }
  }

  function identifiers(): string[] {
    const found: string[] = [];
    drainNeighbours(0, (_, identifier) => found.push(toHex(identifier)));
    return found;
  }

  const isBeacon = (bytes: Uint8Array): boolean =>
    bytes.length >= 24 && /^17166ffd$/.test(toHex(bytes.subarray(-24, -20)));

  test("hear takes it without an error, and counts nothing but beacons", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ADVERTISEMENTS, rssi), { maxLength: 100 }), (packets) => {
        hearAll(packets);
        const beacons = packets.map(([bytes]) => bytes).filter(isBeacon);
        const keys = new Set(beacons.map((bytes) => toHex(bytes.subarray(-20, -16))));
        expect(neighbourCount).toBe(Math.min(MOST_NEIGHBOURS, keys.size));
        countScan(240);
        const prefixes = new Set(identifiers().map((each) => each.slice(0, 8)));
        expect([...keys].slice(0, MOST_NEIGHBOURS).sort()).toEqual([...prefixes].sort());
      }),
      { numRuns: 2000 },
    );
  });

  test("each known hostile shape, at each of its lengths", () => {
    const packets = HOSTILE_SHAPES.flatMap((hex) =>
      Array.from({ length: hex.length / 2 + 1 }, (_, length) => fromHex(hex).subarray(0, length)),
    );
    hearAll(packets.map((bytes) => [bytes, -60] as const));
    expect(identifiers()).toEqual(["00".repeat(9)]);
  });

  test("a beacon is the same with flags, as iPhones send it, and without, as Android does", () => {
    const data = fc.uint8Array({ minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(data, (bytes) => {
        const forms = [false, true].map((withFlags) => heard(-60, bytes, withFlags));
        expect(forms.map((form) => form.data.byteLength)).toEqual([28, MOST_BYTES]);
        hearAll(forms.map((form) => [new Uint8Array(form.data), form.rssi]));
        expect(identifiers()).toEqual([
          toHex(bytes.subarray(0, 7)) + toHex(bytes.subarray(16, 18)),
        ]);
      }),
    );
  });

  test("among strangers a neighbour is logged as if it were alone", () => {
    const neighbour = heard(-60, new Uint8Array(20).fill(7));
    fc.assert(
      fc.property(fc.array(ADVERTISEMENTS.filter((bytes) => !isBeacon(bytes))), (strangers) => {
        const records: unknown[][] = [];
        for (const crowd of [[], strangers]) {
          hearAll(crowd.map((bytes) => [bytes, -30] as const));
          hear(neighbour);
          hearAll(crowd.map((bytes) => [bytes, -30] as const));
          countScan(240);
          const drained: unknown[] = [];
          drainNeighbours(1, (...record) => drained.push(record.map(String)));
          records.push(drained);
        }
        expect(records[1]).toEqual(records[0]);
      }),
    );
  });
});
