import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AEM_OFFSET, emptyBeacon, RPI_OFFSET } from "../../../protocol/beacon.ts";
import type { Air, Arrival, Hearable } from "../../../simulator/air/air.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { Hearing, type ScanHeard } from "../../../simulator/run/hearing.ts";
import type { Episode } from "../../../simulator/scenarios/scenario.ts";
import { Timeline } from "../../../simulator/timeline.ts";
import { scanning, scripted } from "./scripted-boards.ts";
import { DAY, HOUR, MINUTE } from "./small-world.ts";

const episode = (a: number, b: number, from: number, to: number): Episode => ({
  a,
  b,
  from,
  to,
  metres: 1,
  offA: 0,
  offB: 0,
  walls: 0,
});

/** A scan that the air was asked about: who listened from when on, in whose reach. */
interface Asked {
  readonly receiver: number;
  readonly seconds: number;
  readonly milliseconds: number;
  readonly senders: readonly number[];
}

/** Boards that scan each minute, the first half a second after the beginning, and hear each packet once. */
class Bench {
  readonly timeline: Timeline;
  readonly devices: readonly EspruinoDevice[];
  readonly hearing: Hearing;
  readonly asked: Asked[] = [];
  readonly scans: ScanHeard[] = [];
  readonly #begin: number;
  #hears: (senders: readonly Hearable[]) => Arrival[] = (senders) =>
    senders.map((_, sender) => ({ at: 1, sender, rssi: -60 }));

  /** @param begin - scenario time at which the boards are switched on */
  constructor(persons: number, own = [...Array(persons).keys()], begin = 0) {
    this.timeline = new Timeline(0);
    this.#begin = begin;
    this.devices = Array.from({ length: persons }, () =>
      scripted(this.timeline, scanning(0, 1000 * MINUTE)),
    );
    const air: Air = {
      scan: (receiver, seconds, { to: milliseconds }, senders) => {
        const persons = senders.map(({ sender }) => sender);
        this.asked.push({ receiver, seconds, milliseconds, senders: persons });
        return this.#hears(senders);
      },
    };
    this.hearing = new Hearing(this.devices, own, air, this.timeline, -1000 * begin);
    this.hearing.onScan = (scan) => this.scans.push(scan);
  }

  get now(): number {
    return this.#begin + this.timeline.now / 1000;
  }

  runUntil(seconds: number): void {
    this.timeline.runUntil(1000 * (seconds - this.#begin));
  }

  hears(hears: (senders: readonly Hearable[]) => Arrival[]): void {
    this.#hears = hears;
  }

  /** Ends of one person's scans with whom they heard. */
  heardBy(person: number): [number, readonly number[]][] {
    return this.asked
      .filter(({ receiver }) => receiver === person)
      .map(({ seconds, milliseconds, senders }) => [seconds + milliseconds / 1000, senders]);
  }
}

describe("a scan hears who is near when it ends", () => {
  test("an episode begins and ends with the scan of its time", () => {
    const bench = new Bench(2);
    bench.hearing.enter([episode(0, 1, 60.5, 180.5)]);
    bench.runUntil(5 * MINUTE);
    expect(bench.heardBy(0)).toEqual([
      [60.5, [1]],
      [120.5, [1]],
    ]);
    expect(bench.heardBy(1)).toEqual([
      [60.5, [0]],
      [120.5, [0]],
    ]);
  });

  test("several at once, in the order in which they came, and each for its time", () => {
    const bench = new Bench(4);
    bench.hearing.enter([
      episode(0, 3, 0, 200),
      episode(0, 1, 50, 130),
      episode(0, 2, 100, 250),
      episode(1, 2, 100, 250),
      episode(0, 1, 190, 250),
    ]);
    bench.runUntil(6 * MINUTE);
    expect(bench.heardBy(0)).toEqual([
      [0.5, [3]],
      [60.5, [3, 1]],
      [120.5, [3, 1, 2]],
      [180.5, [3, 2]],
      [240.5, [2, 1]],
    ]);
    expect(bench.heardBy(3)).toEqual([0.5, 60.5, 120.5, 180.5].map((end) => [end, [0]]));
  });

  test("episodes too short for a scan are left behind, however many", () => {
    const bench = new Bench(3);
    const short = Array.from({ length: 500 }, (_, index) =>
      episode(0, 1, 2 + index / 10, 3 + index / 10),
    );
    bench.hearing.enter([...short, episode(0, 2, 55, 70)]);
    bench.runUntil(2 * MINUTE);
    expect(bench.heardBy(0)).toEqual([[60.5, [2]]]);
  });

  test("nobody is left out over midnight, where a day's episodes are cut", () => {
    const bench = new Bench(3, [0, 1, 2], DAY - 90);
    bench.hearing.enter([episode(0, 2, DAY - 500, DAY - 85), episode(0, 1, DAY - 80, DAY)]);
    bench.runUntil(DAY);
    bench.hearing.enter([episode(0, 1, DAY, DAY + 60), episode(1, 2, DAY + 40, DAY + 100)]);
    bench.runUntil(DAY + 5 * MINUTE);
    // Scans end half a second after minutes that are counted from 90 s before midnight.
    expect(bench.heardBy(0)).toEqual([
      [DAY - 89.5, [2]],
      [DAY - 29.5, [1]],
      [DAY + 30.5, [1]],
    ]);
    expect(bench.heardBy(1)).toEqual([
      [DAY - 29.5, [0]],
      [DAY + 30.5, [0]],
      [DAY + 90.5, [2]],
    ]);
  });

  test("any episodes: who is heard is who is near", () => {
    const PERSONS = 5;
    const episodes = fc.array(
      fc
        .record({
          a: fc.nat(PERSONS - 2),
          other: fc.integer({ min: 1, max: PERSONS - 1 }),
          from: fc.nat(3000),
          length: fc.integer({ min: 1, max: 900 }),
        })
        .map(({ a, other, from, length }) => {
          const b = Math.min(PERSONS - 1, a + other);
          return episode(a, b, DAY - 1500 + from, DAY - 1500 + from + length);
        }),
      { maxLength: 30 },
    );
    const inOrder = (day: Episode[]) => day.sort((one, other) => one.from - other.from);
    fc.assert(
      fc.property(episodes, (all) => {
        const bench = new Bench(PERSONS, [0, 1, 2, 3, 4], DAY - 1500);
        // A pair may be in several episodes at once here: each is a way to be heard.
        bench.hearing.enter(
          inOrder(
            all.filter(({ from }) => from < DAY).map((e) => ({ ...e, to: Math.min(e.to, DAY) })),
          ),
        );
        bench.runUntil(DAY);
        bench.hearing.enter(
          inOrder(
            all.filter(({ to }) => to > DAY).map((e) => ({ ...e, from: Math.max(e.from, DAY) })),
          ),
        );
        bench.runUntil(DAY + 2500);
        for (let person = 0; person < PERSONS; person++) {
          const heard = new Map(bench.heardBy(person));
          for (let end = DAY - 1499.5; end < DAY + 2500; end += MINUTE) {
            const near = all
              .filter(
                ({ a, b, from, to }) => (a === person || b === person) && from <= end && end < to,
              )
              .map(({ a, b }) => (a === person ? b : a));
            expect([...(heard.get(end) ?? [])].sort()).toEqual(near.sort());
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

test("only those of the share listen; all are heard", () => {
  const bench = new Bench(4, [1, 3]);
  bench.hearing.enter([episode(0, 1, 0, HOUR), episode(1, 2, 0, HOUR), episode(0, 2, 0, HOUR)]);
  bench.runUntil(MINUTE);
  expect(bench.asked).toEqual([{ receiver: 1, seconds: 0, milliseconds: 500, senders: [0, 2] }]);
  expect(bench.scans.map(({ person }) => person)).toEqual([1, 3]);
});

test("what is off or silent is not heard, and a board without power hears nothing", () => {
  const bench = new Bench(4);
  bench.hearing.enter([1, 2, 3].map((other) => episode(0, other, 0, HOUR)));
  bench.devices[1]?.powerOff();
  (bench.devices[2]!.nrf.module as { sleep(): void }).sleep();
  bench.runUntil(1);
  expect(bench.heardBy(0)).toEqual([[0.5, [3]]]);
  bench.devices[0]?.powerOff();
  bench.runUntil(5 * MINUTE);
  expect(bench.heardBy(0)).toHaveLength(1);
});

/** The part of a board's radio that sends. */
interface Advertiser {
  setAdvertising(data: Uint8Array): void;
}

// With an RPI of one byte again and again.
function beaconOf(byte: number): Uint8Array {
  const beacon = emptyBeacon(AEM_OFFSET + 4);
  beacon.fill(byte, RPI_OFFSET, AEM_OFFSET);
  return beacon;
}

test("a scan is told of with its time, the beacons that arrived and the strongest", () => {
  const bench = new Bench(3, [0]);
  const received: number[] = [];
  const nrf = bench.devices[0]!.nrf;
  const receive = nrf.receive.bind(nrf);
  nrf.receive = (packet, rssi, at) => {
    received.push(rssi);
    expect(packet.interval).toBe(250);
    return receive(packet, rssi, at);
  };
  for (const [person, byte] of [
    [1, 0xf1],
    [2, 0x02],
  ] as const) {
    const { module } = bench.devices[person]!.nrf as unknown as { module: Advertiser };
    module.setAdvertising(beaconOf(byte));
  }
  bench.hears((senders) =>
    senders.length
      ? [
          { at: 1, sender: 1, rssi: -80 },
          { at: 2, sender: 0, rssi: -71 },
          { at: 3, sender: 1, rssi: -90 },
        ]
      : [],
  );
  bench.hearing.enter([episode(0, 1, 0, 30), episode(0, 2, 0, 30)]);
  bench.runUntil(90);
  expect(bench.scans).toEqual([
    {
      person: 0,
      from: 0,
      to: 0.5,
      arrivals: [
        { identifier: 0x020202020202, rssi: -80 },
        { identifier: 0xf1f1f1f1f1f1, rssi: -71 },
        { identifier: 0x020202020202, rssi: -90 },
      ],
      beacons: 3,
      strongest: -71,
    },
    { person: 0, from: 60, to: 60.5, arrivals: [], beacons: 0, strongest: 0 },
  ]);
  expect(received).toEqual([-80, -71, -90]);
});
