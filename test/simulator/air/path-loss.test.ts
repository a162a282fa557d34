import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bodyLoss,
  LOSS_AT_ONE_METRE,
  medianAttenuation,
  stanceAttenuation,
  WALL_LOSS,
} from "../../../simulator/air/path-loss.ts";

const metres = fc.double({ min: 0.1, max: 100, noNaN: true });
const degrees = fc.double({ min: 0, max: 180, noNaN: true });

// Strzoda, Grochla and Polys (MSWiM 2022): mean RSSI of -65.5, -78.4, -84.1 and -90.8 dBm at 1, 5, 10 and 16 m.
test("attenuation grows with distance as published measurements up to 16 m have it", () => {
  for (const [distance, rssi] of [
    [5, -78.4],
    [10, -84.1],
    [16, -90.8],
  ] as const) {
    const beyondOneMetre = medianAttenuation(distance) - medianAttenuation(1);
    expect(Math.abs(beyondOneMetre - (-65.5 - rssi))).toBeLessThan(1.5);
  }
});

test("at 1 m, worn face to face, it lies in the range that the literature gives", () => {
  expect(medianAttenuation(1)).toBe(LOSS_AT_ONE_METRE);
  expect(medianAttenuation(1)).toBeGreaterThanOrEqual(55);
  expect(medianAttenuation(1)).toBeLessThanOrEqual(65);
});

test("attenuation grows with distance and without steps; nothing is nearer than 10 cm", () => {
  fc.assert(
    fc.property(metres, metres, (a, b) => {
      const [near, far] = [Math.min(a, b), Math.max(a, b)];
      expect(medianAttenuation(far)).toBeGreaterThanOrEqual(medianAttenuation(near));
      expect(medianAttenuation(a * 1.001) - medianAttenuation(a)).toBeLessThan(0.02);
    }),
  );
  expect(medianAttenuation(0)).toBe(medianAttenuation(0.1));
});

test("a body takes the more the further it is turned away, 10 dB from behind", () => {
  fc.assert(
    fc.property(degrees, degrees, (a, b) => {
      expect(bodyLoss(Math.max(a, b))).toBeGreaterThanOrEqual(bodyLoss(Math.min(a, b)));
    }),
  );
  expect(bodyLoss(0)).toBe(0);
  expect(bodyLoss(112.5)).toBe(6);
  expect(bodyLoss(180)).toBe(10);
});

test("both bodies and each wall add up, the same both ways", () => {
  fc.assert(
    fc.property(metres, degrees, degrees, fc.nat(3), (distance, offA, offB, walls) => {
      const stance = { metres: distance, offA, offB, walls };
      const expected =
        medianAttenuation(distance) + bodyLoss(offA) + bodyLoss(offB) + walls * WALL_LOSS;
      expect(stanceAttenuation(stance)).toBeCloseTo(expected);
      expect(stanceAttenuation({ ...stance, offA: offB, offB: offA })).toBeCloseTo(expected);
    }),
  );
});
