import fc from "fast-check";
import { expect, test } from "vitest";
import { BLUE, GREEN, RED, SIGNALS } from "../../../protocol/signals.ts";
import { Timeline } from "../../../simulator/timeline.ts";
import { LightWatch } from "../../../simulator/token-shell/lights.ts";

const NAMES = { [RED]: "red", [GREEN]: "green", [BLUE]: "blue" } as Record<number, string>;

function watched() {
  const timeline = new Timeline(0);
  const told: [text: string, at: number][] = [];
  const lights = new LightWatch(timeline, (text, at) => told.push([text, at]));
  return { timeline, told, lights };
}

test("each signal is known, after any pause, on a clock that drifts", () => {
  const signal = fc.constantFrom(...Object.entries(SIGNALS));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(signal, fc.integer({ min: 2000, max: 60_000 })), { maxLength: 5 }),
      fc.integer({ min: -500, max: 500 }),
      (shown, ppm) => {
        const { timeline, told, lights } = watched();
        const began: number[] = [];
        for (const [[, [colour, flashes, each]], pause] of shown) {
          timeline.runUntil(timeline.now + pause);
          began.push(timeline.now);
          for (let step = 0; step < 2 * flashes; step++) {
            lights.switched(NAMES[colour]!, step % 2 === 0);
            timeline.runUntil(timeline.now + each / (1 + ppm / 1e6));
          }
        }
        timeline.runUntil(timeline.now + 5000);
        expect(lights.isBusy).toBe(false);
        expect(told.map(([, at]) => at)).toEqual(began);
        for (const [index, [text]] of told.entries()) {
          const [name, [colour, flashes, each]] = shown[index]![0];
          const word = { on: "on", paused: "paused", exposure: "exposure" }[name] ?? "";
          expect(text).toContain(`${NAMES[colour]} ${flashes} x ${each} ms: ${word}`);
        }
      },
    ),
  );
});

test("a light that stays on is said to be on since it went on, and off when it goes off", () => {
  const { timeline, told, lights } = watched();
  lights.switched("blue", true);
  lights.switched("blue", true);
  timeline.runUntil(60_000);
  expect(lights.lit).toEqual(["blue"]);
  lights.switched("blue", false);
  timeline.runUntil(70_000);
  expect(told).toEqual([
    ["blue on", 0],
    ["blue off", 60_000],
  ]);
});

test("a held button's light is not taken for a flash of the signal behind it", () => {
  const { timeline, told, lights } = watched();
  lights.switched("green", true);
  timeline.runUntil(400);
  lights.switched("green", false);
  lights.switched("green", true);
  timeline.runUntil(800);
  lights.switched("green", false);
  timeline.runUntil(5000);
  expect(told).toEqual([
    ["green 1 x 400 ms: on", 0],
    ["green 1 x 400 ms: on", 400],
  ]);
});

test("with the power all lights are gone, and nothing more is told", () => {
  const { timeline, told, lights } = watched();
  lights.switched("red", true);
  timeline.runUntil(100);
  lights.reset();
  timeline.runUntil(5000);
  expect(lights.lit).toEqual([]);
  expect(told).toEqual([]);
});
