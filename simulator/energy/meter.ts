/**
 * The meter: charge by cause, from what a simulated board is seen to do.
 *
 * @module
 */
import type { BoardName } from "../../protocol/flash-layout.ts";
import type { Activity } from "../espruino/activity.ts";
import type { Colour } from "../espruino/boards.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import type { Advertisement, ScanParameters } from "../espruino/nrf.ts";
import type { Timeline } from "../timeline.ts";
import type { EnergyAccount } from "./account.ts";
import { BOARD_POWER, type BoardPower, MEAN_ADVERTISING_DELAY } from "./boards.ts";
import { CLOCK_HERTZ, CpuEstimate } from "./cpu.ts";

/** µC (which is µA for a second) in a mAh. */
const MICROCOULOMBS_PER_MAH = 3.6e6;
/** Espruino slows a connection down when nothing was sent for so many milliseconds (its page on the Puck.js). */
const IDLE_AFTER = 60_000;

/** What a board draws, in µA, for as long as nothing about it changes. */
interface Currents {
  advertising: number;
  scanning: number;
  signals: number;
  sleep: number;
}
const NOTHING: Currents = { advertising: 0, scanning: 0, signals: 0, sleep: 0 };

/** Watches one board, from when it is made. */
export class EnergyMeter {
  readonly #power: BoardPower;
  readonly #timeline: Timeline;

  // What the board does.
  #isOn = false;
  #air: Advertisement | undefined;
  #scan: ScanParameters | undefined;
  #isLinked = false;
  #idleFrom = 0;
  #isWatching = false;
  readonly #lit = new Set<Colour>();
  #isBuzzing = false;
  #isUnlocked = false;

  // What it has drawn up to #since, in µA for milliseconds, and what it draws since then.
  #since: number;
  #drawn = { ...NOTHING };
  #currents = NOTHING;
  #sync = 0;
  #cpu = new CpuEstimate();
  #flashMilliseconds = 0;
  #screens = 0;

  constructor(board: BoardName, timeline: Timeline, device: EspruinoDevice) {
    this.#power = BOARD_POWER[board];
    this.#timeline = timeline;
    this.#since = timeline.now;
    device.observe((activity) => this.#take(activity));
  }

  /** What was drawn since the meter was made or {@link reset}; reading changes nothing. */
  account(): EnergyAccount {
    const { script, flash, screen } = this.#power;
    const elapsed = this.#timeline.now - this.#since;
    const drawn = (cause: keyof Currents): number =>
      (this.#drawn[cause] + this.#currents[cause] * elapsed) / 1000 / MICROCOULOMBS_PER_MAH;
    const seconds = this.#cpu.instructions / CLOCK_HERTZ;
    return {
      advertising: drawn("advertising"),
      scanning: drawn("scanning"),
      cpu: (seconds * script) / MICROCOULOMBS_PER_MAH,
      flash: (this.#flashMilliseconds * flash.current) / 1000 / MICROCOULOMBS_PER_MAH,
      signals: drawn("signals") + (this.#screens * screen) / MICROCOULOMBS_PER_MAH,
      sync: (this.#sync + this.#linkCharge()) / 1000 / MICROCOULOMBS_PER_MAH,
      sleep: drawn("sleep"),
    };
  }

  /** Begins anew; the board goes on with what it does. */
  reset(): void {
    this.#since = this.#timeline.now;
    this.#drawn = { ...NOTHING };
    this.#sync = 0;
    this.#cpu = new CpuEstimate();
    this.#flashMilliseconds = 0;
    this.#screens = 0;
  }

  #take(activity: Activity): void {
    this.#cpu.take(activity);
    const { flash } = this.#power;
    switch (activity.what) {
      case "script":
      case "crypto":
      case "map":
        return;
      case "flash":
        this.#flashMilliseconds += flash.write + (flash.word * activity.bytes) / 4;
        return;
      case "erase":
        this.#flashMilliseconds += flash.erase;
        return;
      case "screen":
        this.#screens++;
        return;
    }
    this.#settle();
    this.#change(activity);
    this.#currents = this.#present();
  }

  // Adds up what was drawn until now.
  #settle(): void {
    const elapsed = this.#timeline.now - this.#since;
    this.#sync += this.#linkCharge();
    this.#since += elapsed;
    this.#drawn.advertising += this.#currents.advertising * elapsed;
    this.#drawn.scanning += this.#currents.scanning * elapsed;
    this.#drawn.signals += this.#currents.signals * elapsed;
    this.#drawn.sleep += this.#currents.sleep * elapsed;
  }

  #linkCharge(): number {
    if (!this.#isLinked) return 0;
    const { now } = this.#timeline;
    const idle = Math.min(now - this.#since, Math.max(0, now - this.#idleFrom));
    return this.#power.link * (now - this.#since - idle) + this.#power.idleLink * idle;
  }

  #change(activity: Activity): void {
    switch (activity.what) {
      case "power":
        this.#isOn = activity.on;
        this.#air = this.#scan = undefined;
        this.#isLinked = this.#isWatching = this.#isBuzzing = this.#isUnlocked = false;
        this.#lit.clear();
        break;
      case "air":
        this.#air = activity.advertisement;
        break;
      case "scan":
        this.#scan = activity.parameters;
        break;
      case "link":
        this.#isLinked = activity.on;
        this.#idleFrom = this.#timeline.now + IDLE_AFTER;
        break;
      case "transfer":
        this.#idleFrom = this.#timeline.now + IDLE_AFTER;
        break;
      case "watch":
        this.#isWatching = true;
        break;
      case "light":
        if (activity.on) this.#lit.add(activity.colour);
        else this.#lit.delete(activity.colour);
        break;
      case "motor":
        this.#isBuzzing = activity.on;
        break;
      case "lock":
        this.#isUnlocked = !activity.on;
        break;
    }
  }

  #present(): Currents {
    if (!this.#isOn) return NOTHING;
    const { sleeping, button, buttonOnAir, packet, connectablePacket, ...power } = this.#power;
    const air = this.#air;
    const isSending = air !== undefined || this.#isLinked;
    return {
      advertising: air
        ? (1000 * (air.connectable ? connectablePacket : packet)) /
          (air.interval + MEAN_ADVERTISING_DELAY)
        : 0,
      scanning: this.#scan ? (power.scanning * this.#scan.window) / this.#scan.interval : 0,
      signals:
        power.light * this.#lit.size +
        (this.#isBuzzing ? power.motor : 0) +
        (this.#isUnlocked ? power.unlocked : 0),
      sleep: sleeping + (this.#isWatching ? (isSending ? buttonOnAir : button) : 0),
    };
  }
}
