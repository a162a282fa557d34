/**
 * What is done to the board: `power`, `battery`, `drift`.
 *
 * @module
 */
import { choiceOf, durationOf, numberOf } from "../words.ts";
import type { Command } from "./command.ts";

const SWITCHES = ["on", "off", "cut"] as const;
/** A battery that is taken out and put in again by nimble fingers. */
const SHORTLY = 1;
/** A crystal is off by 20 to 50 ppm, a board's own oscillator by some hundreds. */
const MOST_DRIFT = 10_000;

/** Takes the battery out, and puts it in. */
export const power: Command = {
  name: "power",
  usage: ["power on|off", "power cut [DURATION]"],
  summary: "take the battery out, at once, and put it in again",
  more: [
    "power off      it stays out",
    "power cut      it is put in again after a second",
    "power cut 5m   ... after five minutes",
  ],
  next: (_, words) => (words.length ? ["5m", "1h"] : SWITCHES),
  run: async ({ bench }, [word, duration]) => {
    const kind = choiceOf(word, SWITCHES);
    if (kind === "on") {
      bench.powerOn();
      return;
    }
    const seconds = duration === undefined ? SHORTLY : durationOf(duration);
    bench.powerOff();
    if (kind === "off") return;
    await bench.advance(seconds);
    bench.powerOn();
  },
};

/** Says how full the battery is, or makes it so. */
export const battery: Command = {
  name: "battery",
  short: ["b"],
  usage: ["battery PERCENT"],
  summary: "set the battery's state; the token looks at it every hour",
  run: ({ bench, print }, [percent]) => {
    if (percent === undefined) print(`The battery is at ${bench.device.battery} %.`);
    else bench.device.battery = numberOf(percent, "percentage", 0, 100);
  },
};

/** Sets how fast the token's clock runs. */
export const drift: Command = {
  name: "drift",
  usage: ["drift PPM"],
  summary: "let the token's clock run fast (or slow, below 0) from now on",
  run: ({ bench }, [ppm]) => {
    bench.driftPpm = numberOf(ppm ?? "", "drift in ppm", -MOST_DRIFT, MOST_DRIFT);
  },
};
