import { describe, expect, test } from "vitest";
import { decodeLog } from "../../protocol/encounter-log.ts";
import {
  ENCOUNTERS_LAYOUT,
  encode,
  READ_ENCOUNTERS,
  READ_ENCOUNTERS_LAYOUT,
  restOf,
} from "../../protocol/messages.ts";
import { BOOT, type Recorded } from "../../simulator/interpreter/run.ts";
import { responsesIn, visit } from "../../simulator/interpreter/scripted-desk.ts";
import { fromHex, vectors } from "../support/vectors.ts";
import { ENROL, notifications, onAir, response, run, source } from "./token.ts";

const broadcastRpis = (recorded: readonly Recorded[]): string[] =>
  onAir(recorded)
    .map(({ rpi }) => rpi)
    .filter((rpi) => rpi);

describe.skipIf(!process.env["ESPRUINO"])("on the real interpreter", () => {
  test("the bundle broadcasts the first RPI of the published vectors", async () => {
    const [booted, sync, on] = await run(`report(); ${ENROL} report(); advance(60); report();`);
    expect(booted?.[0]?.[0]).toBe("setConsole");
    expect(booted?.map(([call]) => call)).not.toContain("wake");
    expect(responsesIn(notifications(sync!)).map((message) => [...message])).toEqual([
      [0x82, 1],
      [0x86, 2],
    ]);
    expect(broadcastRpis(on!)).toEqual([vectors.intervals[0]?.[1]]);
  });

  test("it changes identifiers, logs neighbours, survives a power cut and hands its log over", async () => {
    const neighbours = [3, 4, 5].map((index) => {
      const [, rpi, aem] = vectors.intervals[index]!;
      return { rssi: -50 - index, bytes: fromHex(rpi + aem) };
    });
    const readLog = encode(READ_ENCOUNTERS, 9, READ_ENCOUNTERS_LAYOUT, [0]);
    const [, , day, resumed, synced] = await run(
      `
      // Every scan hears each neighbour twice, in both forms, and once something that is no beacon.
      onScan = function () {
        var heard = [${neighbours.map(({ rssi, bytes }) => `[${rssi}, ${source(bytes)}]`)}];
        for (var i in heard)
          for (var twice = 0; twice < 2; twice++)
            receive(heard[i][0] + twice, beaconOf(heard[i][1], twice));
        receive(-70, new Uint8Array([1, 2, 3]));
      };
      report(); ${ENROL} advance(60); report();
      advance(7200); report();
      ${BOOT} advance(1); report();
      press(3.5); ${visit(readLog)} advance(5); report();`,
    );

    // Two hours hold 6 to 12 changes, each to the RPI of a later interval of the vectors.
    const indexes = broadcastRpis(day!).map((rpi) =>
      vectors.intervals.findIndex((interval) => interval[1] === rpi),
    );
    expect(indexes.length).toBeGreaterThanOrEqual(6);
    expect(indexes.length).toBeLessThanOrEqual(12);
    expect(indexes[0]).toBeGreaterThanOrEqual(1);
    expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));

    // The clock is lost, yet no interval is used again.
    const next = vectors.intervals.findIndex(([, rpi]) => rpi === broadcastRpis(resumed!)[0]);
    expect(next).toBe(indexes.at(-1)! + 1);

    const log = decodeLog(restOf(ENCOUNTERS_LAYOUT, response(synced!, 9)));
    expect(log.length).toBeGreaterThan(10);
    for (const { rssi, bytes } of neighbours) {
      const prefix = Buffer.from(bytes.subarray(0, 7));
      const own = log.filter((encounter) => prefix.equals(encounter.rpiPrefix));
      expect(own.length).toBeGreaterThan(3);
      for (const encounter of own) {
        expect(Buffer.from(encounter.aemPrefix).equals(bytes.subarray(16, 18))).toBe(true);
        expect(encounter.minutes).toBeGreaterThanOrEqual(2);
        expect(encounter.minutes).toBeLessThanOrEqual(10);
        expect(Math.abs(encounter.meanRssi - rssi)).toBeLessThanOrEqual(1);
        expect(encounter.interval).toBeGreaterThanOrEqual(vectors.startInterval);
        expect(encounter.interval).toBeLessThan(vectors.startInterval + 13);
      }
    }
  });

  test("sixty neighbours whose identifiers begin and end alike are kept apart", async () => {
    const tags = [9, 10, 11];
    const reads = tags.map((tag, index) =>
      visit(encode(READ_ENCOUNTERS, tag, READ_ENCOUNTERS_LAYOUT, [27 * index])),
    );
    const [, synced] = await run(
      `
      onScan = function () {
        for (var i = 0; i < 60; i++) receive(-60, beaconOf([0, 0, 0, i]));
      };
      ${ENROL} advance(60); advance(200); report();
      press(3.5);
      ${reads.join(" ")} report();`,
    );
    const parts = tags.map((tag) => restOf(ENCOUNTERS_LAYOUT, response(synced!, tag)));
    const log = decodeLog(Buffer.concat(parts));
    const heard = log.slice(0, 60).map((encounter) => encounter.rpiPrefix[3]);
    expect(heard.sort((a, b) => a! - b!)).toEqual(Array.from({ length: 60 }, (_, index) => index));
  });
});
