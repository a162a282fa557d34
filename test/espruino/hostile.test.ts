import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { ADVERTISEMENTS, HOSTILE_SHAPES } from "../support/advertisements.ts";
import { fromHex, toHex, vectors } from "../support/vectors.ts";
import { ENROL, logIn, READ_LOG, run, source } from "./token.ts";

const HOUR = 3600;
const PER_SCAN = 40;

// The same in each run: shapes that are known, at each length that they can be cut to, then many more.
const known = HOSTILE_SHAPES.flatMap((hex) =>
  Array.from({ length: hex.length / 2 + 1 }, (_, length) => fromHex(hex).subarray(0, length)),
);
const packets = [...known, ...fc.sample(ADVERTISEMENTS, { numRuns: 800, seed: 7 })];
const batches = Array.from({ length: Math.ceil(packets.length / PER_SCAN) }, (_, index) =>
  packets.slice(index * PER_SCAN, (index + 1) * PER_SCAN),
);

const text = (bytes: Uint8Array): string => JSON.stringify(Buffer.from(bytes).toString("base64"));

// Each packet stands in the code by itself, so that the token's memory holds one at a time.
const STRANGERS = `
  var stranger = function (rssi, text) {
    receive(rssi, text ? E.toUint8Array(atob(text)) : new Uint8Array(0));
  };
  var strangers = [${batches
    .map((batch) => {
      const calls = batch.map((bytes, at) => `stranger(${-30 - (at % 70)}, ${text(bytes)});`);
      return `function () { ${calls.join(" ")} }`;
    })
    .join(",\n")}];`;

const [, rpi, aem] = vectors.intervals[5]!;
const neighbour = fromHex(rpi + aem);

describe.skipIf(!process.env["ESPRUINO"])("on the real interpreter", () => {
  test("whatever is advertised: no error, nothing is left of it, and a neighbour is logged all the same", async () => {
    const [before, after] = await run(`
      ${STRANGERS} ${READ_LOG}
      var batch = 0, usage;
      onScan = function () {
        var heard = ${source(neighbour)};
        receive(-60, beaconOf(heard, false));
        strangers[batch++ % strangers.length]();
        receive(-60, beaconOf(heard, true));
      };
      ${ENROL} advance(62);
      function measure() { usage = process.memory().usage; record("usage", usage); }
      advance(${8 * HOUR}); measure(); report();
      while (batch < ${2 * batches.length}) advance(600);
      measure(); press(3.5); readLog(); report();`);
    const usage = [before, after].map(
      (part) => part!.find(([call]) => call === "usage")![1] as number,
    );
    expect(usage[1]! - usage[0]!).toBeLessThan(20);
    const own = decodeLog(logIn(after!)).filter(
      ({ rpiPrefix }) => toHex(rpiPrefix) === toHex(neighbour.subarray(0, 7)),
    );
    const minutes = own.reduce((sum, each) => sum + each.minutes, 0);
    expect(minutes).toBeGreaterThan(7.5 * 60);
    for (const { meanRssi, bestRssi, aemPrefix } of own) {
      expect([meanRssi, bestRssi, toHex(aemPrefix)]).toEqual([-60, -60, aem.slice(0, 4)]);
    }
  });
});
