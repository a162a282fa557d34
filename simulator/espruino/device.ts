/**
 * A board: it boots the script in its flash and gives it the globals that Espruino would.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { type BoardName, CODE_FILE, LAYOUTS } from "../../protocol/flash-layout.ts";
import { createMomentRandom, type MomentRandom, type Random } from "../random.ts";
import type { Event, Timeline } from "../timeline.ts";
import type { Activity, Observer } from "./activity.ts";
import { BangleModel } from "./bangle.ts";
import { BOARD_MODELS, type BoardModel, type Colour } from "./boards.ts";
import { compile } from "./compile.ts";
import { ccmModel, cryptoModel } from "./crypto.ts";
import { createFlash, type FlashModel } from "./flash.ts";
import { hiddenGlobals } from "./hidden-globals.ts";
import { loud } from "./loud.ts";
import { mapInPlace } from "./map-in-place.ts";
import { type Advertisement, type ListenedPart, NrfModel, type ScanParameters } from "./nrf.ts";
import { Registers } from "./registers.ts";
import { readStorageFile } from "./storage.ts";
import { textCalls } from "./text-in-memory.ts";
import { UnalignedUint32Array } from "./unaligned.ts";
import { Watchdog } from "./watchdog.ts";

type WatchCallback = (event: { state: boolean }) => void;

/** A simulated board. */
export class EspruinoDevice {
  readonly flash: FlashModel;
  /** Called when a light is switched. */
  onLight: (colour: Colour, on: boolean) => void = () => {};
  /** Called when the motor is switched, on a board that has one. */
  onMotor: (on: boolean) => void = () => {};
  /** Called when a scan starts. */
  onScanStart: () => void = () => {};
  /**
   * Called with each part of a scan that is over, while the scan still takes packets: before any other JavaScript runs, and at
   * its end. Most scans have one part.
   */
  onListened: (part: ListenedPart) => void = () => {};
  /** Called when a scan is about to end, while it still takes packets: how long it lasted, and with what parameters. */
  onScanEnd: (milliseconds: number, parameters: ScanParameters) => void = () => {};
  /** Called for each advertisement that reaches the antenna while it scans. */
  onReport: (packet: Advertisement, rssi: number) => void = () => {};
  /** Where `E.hwRand` takes its numbers from. */
  noise: MomentRandom;
  /** State of the battery in percent. */
  battery = 100;
  /** Whether no free variables lie side by side, until the firmware puts memory in order. */
  isFragmented = false;
  /** Whether that is of no use: there are too few. */
  isFull = false;
  /** Whether anybody could run code through Espruino's console. */
  hasConsole = true;
  /** Whether this Espruino keeps the handler of advertisements where firmware can replace it; as of the next boot. */
  hasScanHook = true;

  readonly #timeline: Timeline;
  readonly #random: Random;
  #rate: number;
  readonly #board: BoardModel;
  readonly #observers: Observer[] = [];
  #nrf: NrfModel | undefined;
  #bangle: BangleModel | undefined;
  /** Running timers by their numbers. */
  readonly #timers = new Map<number, Event>();
  #clockAt = 0;
  #clockValue = 0;
  // When the clock was read last: a reset forgets what has passed since.
  #clockReadAt = 0;
  #watch: WatchCallback | undefined;
  #isPressed = false;
  #isHung = false;
  readonly #registers = new Registers();
  readonly #watchdog: Watchdog;

  /**
   * @param image - contents of Storage, as far as a token uses it
   * @param driftPpm - by how many parts per million the board's clock runs fast
   */
  constructor(
    timeline: Timeline,
    random: Random,
    image: Uint8Array,
    driftPpm = 0,
    board: BoardName = "puckjs",
  ) {
    this.#timeline = timeline;
    this.#random = random;
    this.noise = createMomentRandom(random.fork("noise"));
    this.#rate = 1 + driftPpm / 1e6;
    this.#board = BOARD_MODELS[board];
    this.flash = createFlash(LAYOUTS[board].storage, image, (activity) => this.#report(activity));
    this.#watchdog = new Watchdog(timeline, () => this.#resetByWatchdog());
  }

  /**
   * Tells `observer` from now on what the board does that draws current, and first what it is doing, but for its lights
   * and its motor.
   */
  observe(observer: Observer): void {
    this.#observers.push(observer);
    if (!this.#nrf) return;
    observer({ what: "power", on: true });
    if (this.#watch) observer({ what: "watch" });
    this.#nrf.describe(observer);
    this.#bangle?.describe(observer);
  }

  #report(activity: Activity): void {
    for (const observer of this.#observers) observer(activity);
  }

  /** The radio; throws when the board has no power. */
  get nrf(): NrfModel {
    if (!this.#nrf) throw new Error("The board is switched off");
    return this.#nrf;
  }

  /** The watch around it; throws on a board that is none, and without power. */
  get bangle(): BangleModel {
    if (!this.#bangle) throw new Error("The board is no Bangle.js, or switched off");
    return this.#bangle;
  }

  /** Whether it is a Bangle.js, with power. */
  get hasScreen(): boolean {
    return this.#bangle !== undefined;
  }

  /** Whether the board has power. */
  get isOn(): boolean {
    return this.#nrf !== undefined;
  }

  /** What its clock says, in Unix seconds; near 0 after a power loss. */
  get clock(): number {
    return this.#time();
  }

  /** How many timers of the firmware are waiting. */
  get timersWaiting(): number {
    return this.#timers.size;
  }

  /** By how many parts per million its clock runs fast from now on; timers that wait already end when they would have. */
  set driftPpm(ppm: number) {
    this.#clockValue = this.#time();
    this.#clockAt = this.#timeline.now;
    this.#rate = 1 + ppm / 1e6;
  }

  /** How often its watchdog has restarted it. */
  get watchdogResets(): number {
    return this.#watchdog.resets;
  }

  /** Whether its converter (DC/DC) is on, without which radio and processor draw about twice as much. */
  get hasConverter(): boolean {
    return this.#registers.hasConverter;
  }

  /** No JavaScript runs any more, as after a HardFault or in an endless loop; what the SoftDevice does goes on. */
  hang(): void {
    this.#isHung = true;
    if (this.#nrf) this.#nrf.isHung = true;
  }

  /** Lets the next calls of a function of `NRF` fail: see {@link NrfModel.failNext}. */
  failNext(name: string, times = 1): void {
    this.nrf.failNext(name, times);
  }

  /** Puts the battery in: the clock starts at 1970, and the boot code runs. */
  powerOn(): void {
    this.#clockReadAt = this.#clockAt = this.#timeline.now;
    this.#clockValue = 0;
    this.#registers.powerOn();
    this.#boot();
  }

  #resetByWatchdog(): void {
    // What the clock said when it was read last is in memory that a reset leaves alone.
    this.#clockValue += ((this.#clockReadAt - this.#clockAt) * this.#rate) / 1000;
    this.#clockReadAt = this.#clockAt = this.#timeline.now;
    this.#end();
    this.#registers.resetByWatchdog();
    this.#boot();
  }

  #boot(): void {
    this.#isHung = false;
    this.hasConsole = true;
    const address = Array.from(this.#random.bytes(5), (byte) => byte.toString(16).padStart(2, "0"));
    const report: Observer = (activity) => this.#report(activity);
    report({ what: "power", on: true });
    this.#nrf = new NrfModel(this.#timeline, `c0:${address.join(":")}`, this.#board, report);
    if (this.#board.isBangle) {
      this.#bangle = new BangleModel(this.#timeline, (on) => this.#switchMotor(on), report);
    }
    this.#nrf.describe(report);
    this.#bangle?.describe(report);
    this.#nrf.onScanStart = () => this.onScanStart();
    this.#nrf.onListened = (part) => this.onListened(part);
    this.#nrf.onScanEnd = (milliseconds, parameters) => this.onScanEnd(milliseconds, parameters);
    this.#nrf.onReport = (packet, rssi) => this.onReport(packet, rssi);
    this.#nrf.onDeath = () => this.hang();
    this.#nrf.onRestart = (callback) => this.#registers.whileOpen(callback);
    this.#nrf.hasScanHook = this.hasScanHook;
    const code = readStorageFile(this.flash.bytes, CODE_FILE);
    if (code) this.#run(Buffer.from(code).toString("latin1"));
  }

  /** Takes the battery out at once: what is not in flash is gone. */
  powerOff(): void {
    this.#watchdog.stop();
    this.#end();
  }

  #end(): void {
    for (const timer of this.#timers.values()) this.#timeline.cancel(timer);
    this.#timers.clear();
    this.#nrf?.kill();
    this.#nrf = undefined;
    this.#bangle = undefined;
    this.#watch = undefined;
    this.#report({ what: "power", on: false });
  }

  /** Holds the button for a time; the press ends, and is acted upon, that much later. */
  press(seconds: number): void {
    this.#turnButton(true);
    this.#timeline.after(seconds * 1000, () => this.#turnButton(false));
  }

  #switchMotor(on: boolean): void {
    this.#report({ what: "motor", on });
    this.onMotor(on);
  }

  #switchLight(colour: Colour, on: boolean): void {
    this.#report({ what: "light", colour, on });
    this.onLight(colour, on);
  }

  #turnButton(state: boolean): void {
    this.#isPressed = state;
    if (state) this.#bangle?.press();
    else this.#bangle?.release();
    if (!this.#watch || this.#isHung) return;
    this.#nrf?.catchUp();
    this.#report({ what: "script", trigger: "button" });
    this.#watch({ state });
  }

  #time(): number {
    const elapsed = (this.#timeline.now - this.#clockAt) * this.#rate;
    return this.#clockValue + elapsed / 1000;
  }

  #run(code: string): void {
    const globals: Record<string, unknown> = { ...hiddenGlobals(), ...this.#globals() };
    const script = compile(code, Object.keys(globals));
    this.#report({ what: "script", trigger: "boot" });
    script(...Object.values(globals));
  }

  #globals(): Record<string, unknown> {
    const light = (colour: Colour) =>
      loud("LED", { write: (on: boolean) => this.#switchLight(colour, on) });
    const lights = Object.entries(this.#board.lights);
    return {
      ...Object.fromEntries(lights.map(([name, colour]) => [name, light(colour)])),
      ...this.#bangle?.globals,
      ...(this.#board.isBangle ? { AES: ccmModel } : {}),
      NRF: loud("NRF", this.nrf.module),
      E: loud("E", {
        setConsole: (device: null) => {
          this.hasConsole = device !== null;
        },
        // By the moment: what a token sends does not depend on what it has heard.
        hwRand: () => this.noise.uint32(this.#timeline.now) | 0,
        CRC32: (data: Uint8Array | string) => crc32(data),
        getBattery: () => this.battery,
        enableWatchdog: (seconds: number, isAuto = true) => {
          // Kicked by Espruino itself it does not come to an end: here nothing hangs that has nothing to do.
          if (isAuto) this.#watchdog.stop();
          else this.#watchdog.start(seconds);
        },
        kickWatchdog: () => {
          this.#bangle?.kick();
          this.#watchdog.kick();
        },
        getErrorFlags: () => {
          const flags = [...this.nrf.errorFlags];
          this.nrf.errorFlags.clear();
          return flags;
        },
        mapInPlace: (from: Uint8Array, to: Uint8Array, map: Uint8Array) => {
          this.#report({ what: "map", bytes: Math.min(from.length, to.length) });
          mapInPlace(from, to, map);
        },
        defrag: () => {
          this.isFragmented = false;
        },
        ...textCalls,
      }),
      BTN: loud("BTN", { read: () => this.#isPressed }),
      setWatch: (callback: WatchCallback) => {
        this.#watch = callback;
        this.#report({ what: "watch" });
      },
      global: this.nrf.root,
      peek32: (address: number) => this.#registers.read(address),
      poke32: (address: number, value: number) => this.#registers.write(address, value),
      Uint32Array: UnalignedUint32Array,
      getTime: () => {
        this.#clockReadAt = this.#timeline.now;
        return this.#time();
      },
      setTime: (unixSeconds: number) => {
        this.#clockReadAt = this.#clockAt = this.#timeline.now;
        this.#clockValue = unixSeconds;
      },
      setTimeout: (callback: () => void, milliseconds: number) => {
        // One more than the last that is there: the number of a timer that has fired comes again. Source: `jsvArrayAddToEnd`.
        const number = Math.max(0, ...this.#timers.keys()) + 1;
        const timer = this.#timeline.after(milliseconds / this.#rate, () => {
          if (!this.#isHung) {
            this.#nrf?.catchUp();
            this.#report({ what: "script", trigger: "timer" });
            callback();
          }
          // It is there until its callback has ended; and power may have been away in between.
          if (this.#timers.get(number) === timer) this.#timers.delete(number);
        });
        this.#timers.set(number, timer);
        return number;
      },
      clearTimeout: (number: number) => {
        // Another number than those of running timers is taken without a word.
        const timer = this.#timers.get(number);
        if (!timer) return;
        this.#timers.delete(number);
        this.#timeline.cancel(timer);
      },
      require: (name: string) => {
        if (name === "Flash") return loud("Flash", this.flash.module);
        if (name === "crypto" && this.#board.crypto.length) {
          return cryptoModel(this.#board.crypto, () => {
            this.#report({ what: "crypto" });
            return !this.isFragmented && !this.isFull;
          });
        }
        throw new Error(`The simulated Espruino has no module ${name}`);
      },
    };
  }
}
