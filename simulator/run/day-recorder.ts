/**
 * Writes down what one token does on one day.
 *
 * @module
 */
import type { Activity } from "../espruino/activity.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import { DAY } from "../scenarios/days.ts";
import type { ScanHeard } from "./hearing.ts";
import type { TokenEvent } from "./outcome.ts";

/** Flash operations that follow each other so soon, in seconds, are one. */
const ONE_OPERATION = 1;

/** See the module's description. */
export class DayRecorder {
  /** What has begun on that day, in order of its end. */
  readonly events: TokenEvent[] = [];

  readonly #now: () => number;
  readonly #begin: number;
  #end: number;
  #address: string | undefined;
  #litSince: number | undefined;
  #flashed = Number.NEGATIVE_INFINITY;

  /**
   * @param day - from 0 on
   * @param now - seconds since the scenario's start
   */
  constructor(device: EspruinoDevice, day: number, now: () => number) {
    this.#now = now;
    this.#begin = day * DAY;
    this.#end = this.#begin + DAY;
    device.observe((activity) => this.#take(activity));
  }

  /** A scan has ended. */
  scanned({ from, to, beacons, strongest }: ScanHeard): void {
    this.#add({ from, to, what: "scan", beacons, strongest });
  }

  /** What happens from now on does not belong to the day any more. */
  end(): void {
    this.#end = Math.min(this.#end, this.#now());
  }

  #add(event: TokenEvent): void {
    if (event.from >= this.#begin && event.from < this.#end) this.events.push(event);
  }

  #take(activity: Activity): void {
    const now = this.#now();
    if (activity.what === "air") {
      const address = activity.advertisement?.address ?? this.#address;
      // The first one is what it has already.
      const isNew = this.#address !== undefined && address !== this.#address;
      this.#address = address;
      if (isNew) this.#add({ from: now, to: now, what: "rotation" });
    } else if (activity.what === "flash" || activity.what === "erase") {
      const isNew = now > this.#flashed + ONE_OPERATION;
      this.#flashed = now;
      if (isNew) this.#add({ from: now, to: now, what: "flash" });
    } else if (activity.what === "light") {
      if (activity.on) this.#litSince ??= now;
      else if (this.#litSince !== undefined) {
        this.#add({ from: this.#litSince, to: now, what: "light" });
        this.#litSince = undefined;
      }
    }
  }
}
