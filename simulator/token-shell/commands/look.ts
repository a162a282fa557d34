/**
 * What can be seen from outside: `state`, `air`.
 *
 * @module
 */
import { dateOfDay } from "../../../companion/risk/date-of-day.ts";
import type { Bench } from "../bench.ts";
import { storedIn } from "../flash-pages.ts";
import { dateAndTime, intervalTime, span } from "../style.ts";
import { airLines } from "../views/air-view.ts";
import type { Command } from "./command.ts";

/** The firmware takes earlier times for none at all. */
const EARLIEST = Date.UTC(2020, 0) / 1000;

/** Says what the token is like, as far as it can be seen. */
export const state: Command = {
  name: "state",
  short: ["s"],
  usage: ["state"],
  summary: "clock, wearer's state, lights, battery",
  run: ({ bench, print }) => {
    const { device, observer, world } = bench;
    const stored = storedIn(bench.pages);
    print(`Time               ${dateAndTime(world.now)} UTC`);
    if (!device.isOn) {
      print("Power              off");
    } else {
      print(`Token's clock      ${clockOf(bench)}${stored?.isGuessed ? ", guessed" : ""}`);
    }
    print(`Contact detection  ${stored?.state ?? "off"}`);
    if (stored?.lastInterval) {
      const { lastInterval, epoch } = stored;
      print(`Last interval      ${lastInterval}, ${intervalTime(lastInterval)} UTC`);
      print(`Clock epoch        ${epoch}`);
    }
    const exposure = stored?.exposure;
    if (exposure && exposure.level !== "none") {
      print(`Exposure           ${exposure.level}, ${dateOfDay(exposure.day)}`);
    }
    print(`Battery            ${device.battery} %`);
    if (!device.isOn) return;
    print(`Lights             ${observer.lights.lit.join(", ") || "dark"}`);
    if (device.hasScreen) print(`Screen             ${device.bangle.texts.join(" | ")}`);
    const window = observer.isWindowOpen ? "sync window open" : undefined;
    const { nrf } = device;
    const listening = nrf.scanning() ? ", listening" : "";
    print(`Radio              ${window ?? (nrf.onAir() ? "on air" : "silent")}${listening}`);
    print(`Console            ${device.hasConsole || nrf.hasUart ? "OPEN" : "closed"}`);
  },
};

/** Takes apart what is on air. */
export const air: Command = {
  name: "air",
  short: ["a"],
  usage: ["air"],
  summary: "what is on air, taken apart",
  run: ({ bench, print }) => {
    bench.requirePower();
    for (const line of airLines(bench.device.nrf, storedIn(bench.pages), bench.device.clock)) {
      print(line);
    }
  },
};

function clockOf({ device, world }: Bench): string {
  const { clock } = device;
  if (clock < EARLIEST) return `never set; ${span(clock)} since it got power`;
  const error = clock - world.now;
  const words = `${Math.abs(error).toFixed(1)} s ${error < 0 ? "slow" : "fast"}`;
  return `${dateAndTime(clock)}, ${Math.abs(error) < 0.05 ? "right" : words}`;
}
