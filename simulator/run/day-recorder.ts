/**
 * Writes down what one token does on one day.
 *
 * @module
 */
import type { Activity } from "../espruino/activity.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import type { World } from "../world.ts";
import type { ScanHeard } from "./hearing.ts";
import type { TokenEvent } from "./outcome.ts";

/** Flash operations that follow each other so soon, in seconds, are one. */
const ONE_OPERATION = 1;

/** See the module's description. */
export class DayRecorder {
  /** What has happened, in order. */
  readonly events: TokenEvent[] = [];

  readonly #world: World;
  readonly #from: number;
  readonly #to: number;
  readonly #start: number;
  #address = "";
  #litSince: number | undefined;
  #flashed = Number.NEGATIVE_INFINITY;

  /** @param from - Unix seconds, as `to` and `start`, from which events count */
  constructor(device: EspruinoDevice, world: World, from: number, to: number, start: number) {
    this.#world = world;
    this.#from = from;
    this.#to = to;
    this.#start = start;
    device.observe((activity) => this.#take(activity));
  }

  /** A scan has ended. */
  scanned({ from, to, beacons, strongest }: ScanHeard): void {
    if (this.#isOn()) this.events.push({ from, to, what: "scan", beacons, strongest });
  }

  #isOn(): boolean {
    return this.#world.now >= this.#from && this.#world.now < this.#to;
  }

  #take(activity: Activity): void {
    const now = this.#world.now - this.#start;
    if (activity.what === "air") {
      const address = activity.advertisement?.address ?? this.#address;
      const isNew = address !== this.#address;
      this.#address = address;
      if (isNew && this.#isOn()) this.events.push({ from: now, to: now, what: "rotation" });
    } else if (activity.what === "flash" || activity.what === "erase") {
      const isNew = now > this.#flashed + ONE_OPERATION;
      this.#flashed = now;
      if (isNew && this.#isOn()) this.events.push({ from: now, to: now, what: "flash" });
    } else if (activity.what === "light") {
      if (activity.on) this.#litSince ??= now;
      else if (this.#litSince !== undefined) {
        if (this.#isOn()) this.events.push({ from: this.#litSince, to: now, what: "light" });
        this.#litSince = undefined;
      }
    }
  }
}
