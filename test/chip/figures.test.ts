import { afterEach, describe, expect, test } from "vitest";
import { BEACON_BYTES, emptyBeacon, RPI_OFFSET } from "../../protocol/beacon.ts";
import type { Chip, HeardPacket } from "../../simulator/chip/chip.ts";
import type { Ledger } from "../../simulator/chip/events.ts";
import {
  BEACON_MS,
  CHANNEL_SPACING_MS,
  CHANNELS,
  EVENT_CPU_MS,
  FOREIGN_MS,
  packetMilliseconds,
  RAMP_UP_MS,
  WINDOW_GAP_MS,
} from "../../simulator/espruino/chip-figures.ts";
import { PATIENT, step, tell } from "./steps.ts";
import { boot, bootSwitchedOn, NO_CHIP, NO_SOFTDEVICE, start, switchOn } from "./token.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ADV_IND = 0;
/** Milliseconds of a scan; the radio begins and ends within one. */
const SCAN = 290;
/** How far the simulator's figures may be from the chip's. */
const TENTH = 0.1;

let chip: Chip | undefined;
afterEach(() => chip?.end());

function expectFigure(name: string, measured: number, figure: number): void {
  tell(`${name}: ${measured.toFixed(3)} (the simulator's: ${figure.toFixed(3)})`);
  expect.soft(measured, name).toBeGreaterThan(figure * (1 - TENTH));
  expect.soft(measured, name).toBeLessThan(figure * (1 + TENTH));
}

function tellLedger(name: string, ledger: Ledger): void {
  const parts = Object.entries(ledger)
    .filter(([key]) => key !== "event" && key !== "time")
    .map(([key, value]) => `${key} ${Number(value).toFixed(3)}`);
  tell(`${name}: ${parts.join(", ")} (seconds)`);
}

/** What was used between two looks. */
function difference(before: Ledger, after: Ledger): Ledger {
  const entries = Object.entries(after).map(([key, value]) => [
    key,
    typeof value === "number" ? value - Number(before[key as keyof Ledger]) : value,
  ]);
  return Object.fromEntries(entries) as Ledger;
}

describe.skipIf(NO_SOFTDEVICE)("boot", { timeout: PATIENT }, () => {
  test("Espruino is on air by itself for less than a second, and its console is closed then", async () => {
    chip = await start("radio");
    await chip.trace(true);
    const { address } = chip.elf.symbol("consoleDevice");
    let opened = 0;
    let closed = 0;
    for (let time = 0; time < 3000; time += 5) {
      await chip.run(5);
      const [device] = await chip.memory(address, 1);
      if (device && !opened) opened = chip.state.time;
      if (!device && opened && !closed) closed = chip.state.time;
    }
    const packets = chip.eventsOf("transmitted").filter(({ pdu }) => pdu === ADV_IND);
    const first = packets[0]?.time ?? 0;
    const last = packets.at(-1)?.time ?? 0;
    tell(
      `boot: ${packets.length} connectable packets from ${first.toFixed(3)} to ${last.toFixed(3)} s; console open from ${opened.toFixed(3)} to ${closed.toFixed(3)} s; awake ${chip.state.awake.toFixed(3)} s`,
    );
    expect(last - first).toBeLessThan(1);
    expect(last).toBeLessThan(1);
    expect(closed).toBeGreaterThan(0);
    expect(closed).toBeLessThan(1);
    // Nothing else is sent by a token that is off.
    expect(packets.length).toBe(chip.eventsOf("transmitted").length);
  });
});

/** A packet of a phone's, of the neighbour `number`. */
function beaconOf(number: number): Uint8Array {
  const beacon = emptyBeacon(BEACON_BYTES);
  beacon.fill(0x40 + number, RPI_OFFSET);
  return beacon;
}

const FOREIGN = Uint8Array.of(2, 1, 6, 5, 0xff, 0x4c, 0, 1, 2, 9, 9, ...Buffer.from("lightbulb"));

interface Scan {
  /** Milliseconds of the processor, of the receiver, and of the scan. */
  readonly active: number;
  readonly receiving: number;
  readonly length: number;
  /** How many packets the radio has received, and sent. */
  readonly received: number;
  readonly sent: number;
}

/** Lets time pass to the next scan, in which packets are heard, 12 ms apart. */
async function scanAmong(chip: Chip, packets: readonly Uint8Array[]): Promise<Scan> {
  const begin = await chip.runUntil("scan", HOUR);
  if (!begin) throw new Error("There is no scan");
  const before = await chip.ledger();
  chip.events.splice(0);
  await chip.trace(true);
  for (const [at, data] of packets.entries()) {
    const address = `c0000000${(0x1000 + at).toString(16)}`;
    const packet: HeardPacket = { address, data, after: 15 + 12 * at };
    await chip.hear(packet);
  }
  const end = await chip.runUntil("scan-stop", 1000);
  const receiving = (await chip.ledger()).receiving - before.receiving;
  const sent = chip.eventsOf("transmitted").length;
  // What waits is handled, and beacons go on.
  await chip.run(400);
  await chip.trace(false);
  return {
    active: 1000 * ((await chip.ledger()).active - before.active),
    receiving: 1000 * receiving,
    length: 1000 * ((end?.time ?? Infinity) - begin.time),
    received: chip.eventsOf("received").length,
    sent,
  };
}

describe.skipIf(NO_SOFTDEVICE)(
  "what the simulator takes from the chip",
  { timeout: PATIENT },
  () => {
    test("while it listens it hears all but the first moment of a window, and is silent", async () => {
      chip = await bootSwitchedOn("radio");
      for (let number = 0; number < 10; number++) {
        const { receiving, length, sent } = await scanAmong(chip, []);
        if (number === 0) {
          tell(`a scan of ${length.toFixed(1)} ms has the receiver on for ${receiving.toFixed(1)}`);
          const windows = Math.ceil(SCAN / 100);
          expectFigure("the receiver in a scan, ms", receiving, SCAN - windows * WINDOW_GAP_MS);
        }
        expect(sent).toBe(0);
        expect(receiving / length).toBeGreaterThan(0.97);
        // A neighbour's beacons are 280 ms apart at most. The timer runs while the scan is being started.
        expect(receiving).toBeGreaterThan(280);
        expect(length).toBeLessThan(1.05 * SCAN);
      }
    });

    test("a beacon is sent three times", async () => {
      chip = await bootSwitchedOn("radio");
      await chip.runUntil("scan-stop", HOUR);
      await chip.run(1000);
      await chip.trace(true);
      chip.events.splice(0);
      const before = await chip.ledger();
      await chip.run(20_000);
      const used = difference(before, await chip.ledger());
      const sent = chip.eventsOf("transmitted");
      const events = sent.length / CHANNELS;
      const on = (1000 * used.transmitting) / events;
      const [first = { time: 0 }, second = { time: 0 }] = sent;
      expectFigure(
        "from channel to channel, ms",
        1000 * (second.time - first.time),
        CHANNEL_SPACING_MS,
      );
      expectFigure(
        "transmitter on for an event, ms",
        on,
        CHANNELS * (RAMP_UP_MS + packetMilliseconds(BEACON_BYTES)),
      );
      expectFigure("processor for an event, ms", (1000 * used.active) / events, EVENT_CPU_MS);
    });

    test("each packet takes the processor some time", async () => {
      chip = await bootSwitchedOn("radio");
      const numbers = Array.from({ length: 10 }, (_, number) => number);
      const alone = await scanAmong(chip, []);
      tell(`a scan alone, ms of the processor: ${alone.active.toFixed(2)}`);
      const cost = (scan: Scan, base: Scan): number =>
        (scan.active - base.active) / (scan.received - base.received);
      const foreign = await scanAmong(
        chip,
        numbers.map(() => FOREIGN),
      );
      expectFigure("a foreign packet, ms", cost(foreign, alone), FOREIGN_MS);
      const fresh = await scanAmong(chip, numbers.map(beaconOf));
      tell(`a new neighbour's first packet, ms: ${cost(fresh, alone).toFixed(2)}`);
      const again = await scanAmong(chip, numbers.map(beaconOf));
      tell(`a known neighbour's, ms: ${cost(again, alone).toFixed(2)}`);
      const mean = (cost(fresh, alone) + cost(again, alone)) / 2;
      expectFigure("a neighbour's packet, ms", mean, BEACON_MS);
      for (const { received } of [foreign, fresh, again])
        expect(received).toBeGreaterThanOrEqual(9);
    });
  },
);

describe.skipIf(NO_CHIP)(
  "the processor's time by cause, good to a factor of two",
  { timeout: PATIENT },
  () => {
    test("a change of identifier, a scan, a tick, a commit", async () => {
      chip = await boot("application");
      await switchOn(chip);
      const costs = new Map<string, number[]>();
      const STEP = 2000;
      for (let time = 0; time < 6 * HOUR; time += STEP) {
        if (time === 3 * HOUR) await chip.setNeighbours(10);
        const { active } = chip.state;
        chip.events.splice(0);
        await chip.run(STEP);
        const kinds = new Set(chip.events.map(({ event }) => event));
        const cause = kinds.has("erase")
          ? "erase"
          : kinds.has("address")
            ? "rotation"
            : kinds.has("scan")
              ? time < 3 * HOUR
                ? "scan alone"
                : "scan among 10"
              : kinds.has("write")
                ? "commit of 10 neighbours"
                : chip.state.active - active > 0.003
                  ? "tick"
                  : "nothing";
        costs.set(cause, [...(costs.get(cause) ?? []), chip.state.active - active]);
      }
      for (const [cause, seconds] of costs) {
        const mean = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
        const most = Math.max(...seconds);
        tell(
          `${cause}: ${(1000 * mean).toFixed(1)} ms of the processor, at most ${(1000 * most).toFixed(1)}; ${seconds.length} times`,
        );
        // All that the token does at a time is over long before anybody waits for it.
        expect(most).toBeLessThan(1);
      }
      expect([...costs.keys()]).toEqual(
        expect.arrayContaining(["rotation", "scan alone", "scan among 10", "tick"]),
      );
    });
  },
);

describe.skipIf(NO_SOFTDEVICE)("what draws current", { timeout: PATIENT }, () => {
  test.for([
    ["alone", 0],
    ["among 10", 10],
  ] as const)("in a day %s", async ([name, neighbours]) => {
    chip = await bootSwitchedOn("radio");
    const token = chip;
    await token.setNeighbours(neighbours);
    const before = await token.ledger();
    for (let hour = 0; hour < 24; hour += 6) {
      await step(token, `a day ${name}, six hours of it`, () => token.run(DAY / 4));
      token.events.splice(0);
    }
    const used = difference(before, await token.ledger());
    tellLedger(`a day ${name}`, used);
    expect(used.active).toBeLessThan(0.01 * (DAY / 1000));
    expect(used.receiving).toBeGreaterThan(0.9 * 0.29 * (DAY / 1000 / 330));
    expect(used.transmitting).toBeGreaterThan(0.9 * (DAY / 275) * 3 * 0.000352);
  });
});
