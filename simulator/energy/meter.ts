/**
 * The meter: charge by cause, from what a simulated board is seen to do, by each account.
 *
 * @module
 */
import type { BoardName } from "../../protocol/flash-layout.ts";
import { receiverShare } from "../air/windows.ts";
import type { Activity } from "../espruino/activity.ts";
import type { Colour } from "../espruino/boards.ts";
import {
  ANSWER_MS,
  CHANNELS,
  EVENT_CPU_MS,
  packetMilliseconds,
  RAMP_UP_MS,
} from "../espruino/chip-figures.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import type { Advertisement, ScanParameters } from "../espruino/nrf.ts";
import type { Timeline } from "../timeline.ts";
import type { EnergyAccount, EnergyAccounts } from "./account.ts";
import { BOARD_POWER, type BoardPower, MEAN_ADVERTISING_DELAY } from "./boards.ts";
import type { ChipPower } from "./chip-power.ts";
import { CLOCK_HERTZ, CpuEstimate } from "./cpu.ts";

/** µC (which is µA for a second) in a mAh. */
const MICROCOULOMBS_PER_MAH = 3.6e6;
/** Espruino slows a connection down when nothing was sent for so many milliseconds (its page on the Puck.js). */
const IDLE_AFTER = 60_000;

/** By cause, what an account has for as long as nothing about a board changes: µA, and their sum over time in µA ms. */
class Book {
  advertising = 0;
  scanning = 0;
  signals = 0;
  sleep = 0;
  readonly sums = { advertising: 0, scanning: 0, signals: 0, sleep: 0 };

  /** Adds up what was drawn in so many milliseconds. */
  settle(elapsed: number): void {
    this.sums.advertising += this.advertising * elapsed;
    this.sums.scanning += this.scanning * elapsed;
    this.sums.signals += this.signals * elapsed;
    this.sums.sleep += this.sleep * elapsed;
  }

  /** Begins anew, with what is drawn at the moment. */
  reset(): void {
    this.sums.advertising = this.sums.scanning = this.sums.signals = this.sums.sleep = 0;
  }
}

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

  // What it has drawn up to #since, and draws since then.
  #since: number;
  readonly #published = new Book();
  readonly #chip = new Book();
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
  accounts(): EnergyAccounts {
    const { script, flash, chip } = this.#power;
    const published = this.#account(this.#published, script, flash.current);
    return {
      published,
      chip: chip ? this.#account(this.#chip, chip.computing, chip.computing) : published,
    };
  }

  #account(book: Book, computing: number, flashing: number): EnergyAccount {
    const elapsed = this.#timeline.now - this.#since;
    const drawn = (cause: "advertising" | "scanning" | "signals" | "sleep"): number =>
      (book.sums[cause] + book[cause] * elapsed) / 1000 / MICROCOULOMBS_PER_MAH;
    const seconds = this.#cpu.instructions / CLOCK_HERTZ;
    return {
      advertising: drawn("advertising"),
      scanning: drawn("scanning"),
      cpu: (seconds * computing) / MICROCOULOMBS_PER_MAH,
      flash: (this.#flashMilliseconds * flashing) / 1000 / MICROCOULOMBS_PER_MAH,
      signals: drawn("signals") + (this.#screens * this.#power.screen) / MICROCOULOMBS_PER_MAH,
      sync: (this.#sync + this.#linkCharge()) / 1000 / MICROCOULOMBS_PER_MAH,
      sleep: drawn("sleep"),
    };
  }

  /** Begins anew; the board goes on with what it does. */
  reset(): void {
    this.#since = this.#timeline.now;
    this.#published.reset();
    this.#chip.reset();
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
    this.#present();
  }

  // Adds up what was drawn until now.
  #settle(): void {
    const elapsed = this.#timeline.now - this.#since;
    this.#sync += this.#linkCharge();
    this.#since += elapsed;
    this.#published.settle(elapsed);
    this.#chip.settle(elapsed);
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

  #present(): void {
    const [published, chip] = [this.#published, this.#chip];
    if (!this.#isOn) {
      published.advertising = published.scanning = published.signals = published.sleep = 0;
      chip.advertising = chip.scanning = chip.signals = chip.sleep = 0;
      return;
    }
    const power = this.#power;
    const air = this.#air;
    const scan = this.#scan;
    const between = air && air.interval + MEAN_ADVERTISING_DELAY;
    published.signals = chip.signals =
      power.light * this.#lit.size +
      (this.#isBuzzing ? power.motor : 0) +
      (this.#isUnlocked ? power.unlocked : 0);
    published.advertising = between
      ? (1000 * (air.connectable ? power.connectablePacket : power.packet)) / between
      : 0;
    published.scanning = scan ? (power.scanning * scan.window) / scan.interval : 0;
    const button = air !== undefined || this.#isLinked ? power.buttonOnAir : power.button;
    published.sleep = power.sleeping + (this.#isWatching ? button : 0);
    if (!power.chip) return;
    chip.advertising = between ? (1000 * eventCharge(power.chip, air)) / between : 0;
    chip.scanning = scan ? power.chip.receiving * receiverShare(scan, between) : 0;
    chip.sleep = power.chip.sleeping;
  }
}

// What the chip takes for an advertising event, in µC.
function eventCharge(chip: ChipPower, { payload, connectable }: Advertisement): number {
  const channel =
    packetMilliseconds(payload.length) * chip.sending +
    RAMP_UP_MS * chip.starting +
    (connectable ? ANSWER_MS * chip.receiving : 0);
  return (CHANNELS * channel + EVENT_CPU_MS * chip.computing) / 1000;
}
