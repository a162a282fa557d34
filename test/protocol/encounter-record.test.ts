import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeLog } from "../../protocol/encounter-log.ts";
import {
  isWhole,
  packEncounter,
  packMark,
  RECORD_BYTES,
  recordWord,
} from "../../protocol/encounter-record.ts";

const fields = fc.record({
  identifier: fc.uint8Array({ minLength: 9, maxLength: 9 }),
  sinceMark: fc.integer({ min: 0, max: 31 }),
  minutes: fc.integer({ min: 1, max: 31 }),
  mean: fc.integer({ min: -100, max: -37 }),
  above: fc.integer({ min: 0, max: 14 }),
});

const record = fields.map(({ identifier, sinceMark, minutes, mean, above }) =>
  packEncounter(identifier, sinceMark, minutes, mean, mean + above),
);

test("what is packed is read back, RSSI of the best packet to 2 dB", () => {
  fc.assert(
    fc.property(fields, fc.nat({ max: 0xffffff00 }), fc.nat({ max: 255 }), (each, mark, epoch) => {
      const { identifier, sinceMark, minutes, mean, above } = each;
      const packed = packEncounter(identifier, sinceMark, minutes, mean, mean + above);
      expect(decodeLog(Buffer.concat([packMark(mark, epoch, 0), packed]))).toEqual([
        {
          rpiPrefix: Buffer.from(identifier.subarray(0, 7)),
          aemPrefix: Buffer.from(identifier.subarray(7)),
          interval: mark + sinceMark,
          epoch,
          minutes,
          meanRssi: mean,
          bestRssi: mean + above - (above % 2),
        },
      ]);
    }),
  );
});

test("RSSI outside the range is clamped to it", () => {
  const loud = packEncounter(new Uint8Array(9), 0, 1, -20, -10);
  const faint = packEncounter(new Uint8Array(9), 0, 1, -127, -127);
  const [first, second] = decodeLog(Buffer.concat([packMark(1, 0, 0), loud, faint]));
  expect([first?.meanRssi, second?.meanRssi]).toEqual([-37, -100]);
});

test("every torn write is recognised: words in order, any of the last one's bits not yet fallen", () => {
  fc.assert(
    fc.property(
      record,
      fc.integer({ min: 0, max: 2 }),
      fc.nat({ max: 0xffffffff }),
      (whole, words, notFallen) => {
        const torn = new Uint8Array(RECORD_BYTES).fill(0xff);
        torn.set(whole.subarray(0, 4 * words));
        for (let i = 0; i < 4; i++) {
          torn[4 * words + i] = whole[4 * words + i]! | ((notFallen >>> (8 * i)) & 255);
        }
        const complete = Buffer.from(torn).equals(whole);
        expect(isWhole(recordWord(torn, 0))).toBe(complete);
      },
    ),
    { numRuns: 5000 },
  );
});

test("blank and wiped records are not whole", () => {
  expect(isWhole(0xffffffff)).toBe(false);
  expect(isWhole(0)).toBe(false);
});

test("decoding arbitrary bytes never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      for (const { minutes, interval } of decodeLog(bytes)) {
        expect(minutes).toBeGreaterThan(0);
        expect(interval).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test("encounters before the first time mark are left out", () => {
  const packed = packEncounter(new Uint8Array(9), 0, 1, -60, -60);
  expect(decodeLog(packed)).toEqual([]);
});
