import fc from "fast-check";
import { expect, test } from "vitest";
import { eachHeardPacket } from "../../../simulator/air/advertising.ts";
import {
  BACKGROUND_LOSS,
  CAPTURE_MARGIN,
  receptionProbability,
  SENSITIVITY,
  withoutCollisions,
} from "../../../simulator/air/reception.ts";
import { receiverWindows } from "../../../simulator/air/windows.ts";
import { packetMilliseconds } from "../../../simulator/espruino/chip-figures.ts";
import { createRandom } from "../../../simulator/random.ts";

const PACKET_MS = packetMilliseconds(31);

const heardStarts = (
  name: string,
  interval: number,
  milliseconds: number,
  parameters: { window: number; interval: number },
): number[] => {
  const starts: number[] = [];
  const advertiser = { interval, from: -1e9, to: 1e9 };
  const part = { from: 0, to: milliseconds, parameters };
  const windows = receiverWindows(part);
  eachHeardPacket(createRandom(name), advertiser, part, windows, PACKET_MS, (start) =>
    starts.push(start),
  );
  return starts;
};

test("a strong packet is lost to other traffic only, half of them at the sensitivity, none far below", () => {
  expect(receptionProbability(-60)).toBeCloseTo(1 - BACKGROUND_LOSS, 6);
  expect(receptionProbability(SENSITIVITY)).toBeCloseTo((1 - BACKGROUND_LOSS) / 2, 6);
  expect(receptionProbability(SENSITIVITY - 10)).toBeLessThan(0.001);
});

test("a packet survives another at the same time only if it is stronger by the margin", () => {
  const survivors = (rssi: [number, number], apart: number) =>
    withoutCollisions(
      rssi.map((each, sender) => {
        const start = sender * apart;
        return { start, end: start + PACKET_MS, sender, rssi: each };
      }),
    ).map(({ sender }) => sender);
  expect(survivors([-60, -60 - CAPTURE_MARGIN], 0.1)).toEqual([0]);
  expect(survivors([-60 - CAPTURE_MARGIN, -60], 0.1)).toEqual([1]);
  expect(survivors([-60, -59 - CAPTURE_MARGIN], 0.1)).toEqual([]);
  expect(survivors([-60, -60], PACKET_MS)).toEqual([0, 1]);
});

test("of three packets the middle one can take both others with it", () => {
  const packets = [0, 0.3, 0.6].map((start, sender) => ({
    start,
    end: start + PACKET_MS,
    sender,
    rssi: -70,
  }));
  expect(withoutCollisions(packets)).toEqual([]);
  expect(withoutCollisions([packets[0]!, packets[2]!])).toHaveLength(2);
});

test("a scanner that always listens hears one packet of each event: interval and mean delay apart", () => {
  const starts = heardStarts("always", 250, 1_000_000, { window: 100, interval: 100 });
  expect(starts.length).toBeGreaterThan((0.97 * 1_000_000) / 255);
  expect(starts.length).toBeLessThanOrEqual(1_000_000 / 250 + 1);
  const gaps = starts.slice(1).map((start, index) => start - starts[index]!);
  // Channels lie up to 1.64 ms apart. A change of channel may cut an event, or let two of its packets be heard.
  const regular = gaps.filter((gap) => gap > 250 - 1.7 && gap < 260 + 1.7);
  expect(regular.length / gaps.length).toBeGreaterThan(0.97);
  expect(Math.min(...gaps)).toBeGreaterThan(PACKET_MS);
});

test("every packet that is heard lies wholly in a window and in the scan", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 20, max: 2000 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 3, max: 200 }),
      fc.integer({ min: 0, max: 200 }),
      (name, interval, milliseconds, window, rest) => {
        const parameters = { window, interval: window + rest };
        for (const start of heardStarts(name, interval, milliseconds, parameters)) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start + PACKET_MS).toBeLessThanOrEqual(milliseconds);
          expect((start % parameters.interval) + PACKET_MS).toBeLessThanOrEqual(window + 1e-9);
        }
      },
    ),
  );
});

test("a window of a third of the time hears a third of the packets", () => {
  const all = heardStarts("third", 100, 600_000, { window: 90, interval: 90 }).length;
  const third = heardStarts("third", 100, 600_000, { window: 30, interval: 90 }).length;
  expect(third / all).toBeGreaterThan(0.3);
  expect(third / all).toBeLessThan(0.36);
});
