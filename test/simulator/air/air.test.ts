import { expect, test } from "vitest";
import {
  type Air,
  createAir,
  type Hearable,
  type LaboratoryScan,
} from "../../../simulator/air/air.ts";
import { medianAttenuation } from "../../../simulator/air/path-loss.ts";
import { BACKGROUND_LOSS } from "../../../simulator/air/reception.ts";
import { createRandom } from "../../../simulator/random.ts";

const SCAN: LaboratoryScan = {
  from: 0,
  to: 300,
  parameters: { window: 100, interval: 100 },
  own: [],
  since: Number.POSITIVE_INFINITY,
};

const hearable = (receiver: number, sender: number, metres: number, off = 0): Hearable => ({
  sender,
  episode: {
    a: Math.min(receiver, sender),
    b: Math.max(receiver, sender),
    from: 0,
    to: 86_400,
    metres,
    offA: off,
    offB: off,
    walls: 0,
  },
  interval: 270,
  from: -1e9,
  to: 1e9,
  bytes: 28,
  txPower: 0,
});
const air = (persons: number, seed = "air"): Air => createAir(createRandom(seed), persons);
const scans = (sky: Air, receiver: number, count: number, senders: Hearable[]) =>
  Array.from({ length: count }, (_, i) => sky.scan(receiver, 150 * i, SCAN, senders));
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

test("a scan of 300 ms hears a neighbour at 1 m who sends every 270 ms about as often as it does not lose one packet", () => {
  const heard = scans(air(2), 0, 4000, [hearable(0, 1, 1)]).filter(({ length }) => length > 0);
  // 300 ms hold one event of 275 ms, at times two.
  const share = heard.length / 4000;
  expect(share).toBeGreaterThan(1 - BACKGROUND_LOSS - 0.02);
  expect(share).toBeLessThan(1 - BACKGROUND_LOSS + 0.02);
});

test("what arrives is in order, in the scan, in whole dBm, around the median", () => {
  const sky = air(80);
  const rssi: number[] = [];
  for (let receiver = 0; receiver < 80; receiver++) {
    const senders = Array.from({ length: 10 }, (_, i) =>
      hearable(receiver, (receiver + i + 1) % 80, 2),
    );
    for (const arrivals of scans(sky, receiver, 5, senders)) {
      arrivals.forEach((arrival, index) => {
        expect(arrival.at).toBeGreaterThanOrEqual(arrivals[index - 1]?.at ?? 0);
        expect(arrival.at).toBeLessThanOrEqual(300);
        expect(Number.isInteger(arrival.rssi)).toBe(true);
        rssi.push(arrival.rssi);
      });
    }
  }
  expect(Math.abs(mean(rssi) + medianAttenuation(2))).toBeLessThan(1);
});

test("nearer is heard more strongly, turned away more weakly, out of reach not at all", () => {
  const average = (metres: number, off: number) =>
    mean(
      scans(air(2), 0, 500, [hearable(0, 1, metres, off)])
        .flat()
        .map(({ rssi }) => rssi),
    );
  expect(average(1, 0) - average(4, 0)).toBeGreaterThan(8);
  expect(average(1, 0) - average(1, 180)).toBeGreaterThan(17);
  expect(scans(air(2), 0, 200, [hearable(0, 1, 500)]).flat()).toEqual([]);
});

test("a crowd's packets collide", () => {
  const perSender = (crowd: number) => {
    const senders = Array.from({ length: crowd }, (_, i) => hearable(0, i + 1, 2));
    return scans(air(crowd + 1), 0, 20, senders).flat().length / crowd / 20;
  };
  const [few, some, many] = [perSender(5), perSender(60), perSender(300)];
  expect(some).toBeLessThan(few);
  expect(many).toBeLessThan(0.8 * few);
});

test("a scanner that sends meanwhile loses the windows that its own events meet", () => {
  const own = [{ interval: 270, from: -1e9, to: 1e9 }];
  const shareWith = (window: number) => {
    const parameters = { window, interval: window };
    const heard = Array.from(
      { length: 3000 },
      (_, i) =>
        sky.scan(0, 150 * i, { ...SCAN, to: 290, parameters, own }, [hearable(0, 1, 1)]).length,
    );
    return mean(heard) / silent;
  };
  const sky = air(2);
  const silent = mean(
    Array.from(
      { length: 3000 },
      (_, i) => sky.scan(0, 150 * i, { ...SCAN, to: 290 }, [hearable(0, 1, 1)]).length,
    ),
  );
  // The receiver is on for as much of the time.
  expect(shareWith(100)).toBeGreaterThan(0.5);
  expect(shareWith(100)).toBeLessThan(0.7);
  expect(shareWith(20)).toBeGreaterThan(0.78);
  expect(shareWith(300)).toBe(0);
});

test("a sender that falls silent is heard until then, and one that begins from then on", () => {
  const sky = air(3);
  const until = { ...hearable(0, 1, 1), to: 100 };
  const since = { ...hearable(0, 2, 1), from: 200 };
  const arrivals = scans(sky, 0, 500, [until, since]).flat();
  const ofOne = arrivals.filter(({ sender }) => sender === 0).map(({ at }) => at);
  const ofOther = arrivals.filter(({ sender }) => sender === 1).map(({ at }) => at);
  // A third of the scan: some 36 % of the senders' events. What has begun is heard after 10 ms at the latest.
  expect(ofOne.length).toBeGreaterThan(140);
  expect(ofOne.length).toBeLessThan(220);
  expect(Math.max(...ofOne)).toBeLessThan(103);
  expect(ofOther.length).toBeGreaterThan(440);
  expect(Math.min(...ofOther)).toBeGreaterThan(200);
  expect(Math.max(...ofOther)).toBeLessThan(213);
});

test("what one receiver hears does not depend on what others heard before, and repeats", () => {
  const senders = [hearable(0, 1, 1), hearable(0, 2, 3)];
  const alone = scans(air(4), 0, 50, senders);
  const sky = air(4);
  scans(sky, 3, 20, [hearable(3, 1, 2)]);
  const among = Array.from({ length: 50 }, (_, i) => {
    sky.scan(2, 150 * i, SCAN, [hearable(2, 0, 1)]);
    return sky.scan(0, 150 * i, SCAN, senders);
  });
  expect(among).toEqual(alone);
  expect(scans(air(4, "other"), 0, 50, senders)).not.toEqual(alone);
});
