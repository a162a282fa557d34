import { expect, test } from "vitest";
import { stillnessBound, stillnessWords } from "../../../simulator/tune/stillness.ts";
import type { Tried } from "../../../simulator/tune/tuning.ts";

const exactly = (mean: number) => ({ mean, low: mean, high: mean });
const release: Tried = {
  trial: { family: "release", name: "as released", plan: {} },
  recall: exactly(0.992),
  precision: exactly(0.97),
  draw: exactly(1.17),
  scanning: exactly(0.33),
  cpu: exactly(0.02),
};

test("on a Puck.js the accelerometer's 40 µA are 0.96 mAh a day, more than all scanning", () => {
  const bound = stillnessBound(release, "puckjs")!;
  expect(bound.accelerometer).toBeCloseTo(0.96, 9);
  expect(bound.draw).toBeCloseTo(1.17 - 0.33 - 0.02 + 0.96, 9);
  expect(bound.recall).toBe(1);
  const words = stillnessWords(bound, release);
  expect(words).toContain("at least 1.78, more than the release's 1.17: it cannot pay");
  expect(words).toContain("a bound from published currents, not a measurement");
});

test("where listening takes more than the accelerometer it is not said that stillness cannot pay", () => {
  const hungry = { ...release, scanning: exactly(3), draw: exactly(3.9) };
  expect(stillnessWords(stillnessBound(hungry, "puckjs")!, hungry)).toContain("it might pay");
});

test("a board whose accelerometer is always on has no such bound", () => {
  expect(stillnessBound(release, "banglejs2")).toBeUndefined();
});
