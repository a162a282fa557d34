/**
 * A developer's bench: one token with its power, button and flash, neighbours around it, a desk, and time.
 *
 * @module
 */
import type { PublishedKeys } from "../../companion/exports/published-keys.ts";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import type { TokenClient } from "../../companion/token/token-client.ts";
import { enrolVisit } from "../../companion/visit/enrol-visit.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { type BoardName, LAYOUTS, TOKEN_KEY_BYTES } from "../../protocol/flash-layout.ts";
import { intervalStart } from "../../protocol/intervals.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import { World } from "../world.ts";
import { serveToken } from "./desk-visit.ts";
import { emptyTally, type Tally, type TokenEvent } from "./events.ts";
import { type PoolPage, poolOf, readPages, storedIn } from "./flash-pages.ts";
import { MIDDLE, type Neighbour, Neighbours } from "./neighbours.ts";
import { Observer } from "./observer.ts";
import { ShellError } from "./words.ts";

/** A Tuesday morning, unless a token brings a later time with it. */
const START = Date.UTC(2026, 5, 2, 8) / 1000;
/** Whoever holds a button for 3 seconds lets go a little later. */
const LETTING_GO = 0.1;
const SYNC_PRESS = 3.5;
/** Longer than the longest pause in a signal. */
const NEXT_FLASH = 1.5;
/** The longest signal lasts 5 seconds; a second and a half later it is known that it is over. */
const SIGNAL_SECONDS = 7;
/** How often it is looked whether a signal is over, in seconds. */
const GLANCE = 0.02;
/** From the last request on a window stays open for a minute. */
const WINDOW_SECONDS = 61;
/** Steps of time between two looks at whether somebody has had enough. */
const STEPS = 256;

/** How to set it up. */
export interface BenchOptions {
  readonly board: BoardName;
  readonly seed: string;
  /** Contents of Storage; without, a new token's. */
  readonly image?: Uint8Array | undefined;
  /** Gets what happens to the token, in order of time. */
  readonly tell: (event: TokenEvent) => void;
}

/** See the module's description. */
export class Bench {
  readonly board: BoardName;
  readonly world: World;
  readonly neighbours: Neighbours;
  /** The bundle, one byte for each character. */
  readonly firmware: string;
  /** What neighbours have shared since the bench was set up. */
  readonly published: PublishedKeys[] = [];
  /** Set to end whatever lets time pass. */
  stop: AbortSignal = new AbortController().signal;
  readonly #tell: (event: TokenEvent) => void;
  #device: EspruinoDevice;
  #observer: Observer;
  #loaded = 0;
  #driftPpm = 0;

  private constructor(options: BenchOptions, firmware: string) {
    const { board, seed, tell } = options;
    this.board = board;
    this.firmware = firmware;
    this.#tell = tell;
    this.world = new World(Math.max(START, timeOf(board, options.image)), seed);
    this.neighbours = new Neighbours(this.world);
    [this.#device, this.#observer] = this.#put(options.image ?? this.#newImage("token", 1));
  }

  /** Builds the bundle; the token has no power yet. */
  static async open(options: BenchOptions): Promise<Bench> {
    return new Bench(options, await buildFirmware(options.board));
  }

  /** The token. */
  get device(): EspruinoDevice {
    return this.#device;
  }

  get observer(): Observer {
    return this.#observer;
  }

  /** The pages of its pool. */
  get pages(): PoolPage[] {
    return readPages(this.pool);
  }

  /** The bytes of its pool. */
  get pool(): Uint8Array {
    return poolOf(this.board, this.#device.flash.bytes);
  }

  /** Lets time pass, in seconds, until {@link Bench.stop} says otherwise. Returns what was counted meanwhile. */
  async advance(seconds: number): Promise<Tally> {
    const tally = emptyTally();
    this.#observer.tally = tally;
    try {
      await this.#pass(seconds);
    } finally {
      this.#observer.flush();
    }
    return tally;
  }

  async #pass(seconds: number): Promise<void> {
    const { timeline } = this.world;
    const end = timeline.now + seconds * 1000;
    for (let step = 1; !this.stop.aborted; step++) {
      if (step % STEPS === 0) await new Promise(setImmediate);
      if (!timeline.step(end)) {
        timeline.runUntil(end);
        return;
      }
      this.#observer.look();
    }
  }

  /** Holds the button, and lets time pass until the answer has been seen. */
  async press(seconds: number): Promise<void> {
    const { device, observer } = this;
    this.requirePower();
    const held = seconds + LETTING_GO;
    observer.emit("button", `held for ${seconds} s`);
    device.press(held);
    observer.look();
    await this.#pass(held + NEXT_FLASH);
    const end = this.world.now + SIGNAL_SECONDS;
    while (observer.lights.isBusy && this.world.now < end && !this.stop.aborted) {
      await this.#pass(GLANCE);
    }
    observer.flush();
  }

  /** Puts the battery in. */
  powerOn(): void {
    if (this.#device.isOn) throw new ShellError("The token has power already.");
    this.#observer.emit("power", "on");
    this.#device.powerOn();
    this.#observer.powered();
  }

  /** Lets the token's clock run fast by so many parts per million from now on. */
  set driftPpm(ppm: number) {
    this.#driftPpm = this.#device.driftPpm = ppm;
  }

  /** Takes the battery out at once. */
  powerOff(): void {
    this.requirePower();
    this.#device.powerOff();
    this.#observer.unpowered();
    this.#observer.emit("power", "off");
  }

  /** @throws ShellError without power */
  requirePower(): void {
    if (!this.#device.isOn) throw new ShellError("The token has no power; put it on: power on.");
  }

  /** Brings the token to a desk; when the sync window has closed again, the visit is over. */
  async visit<T>(serve: (client: TokenClient) => Promise<T>): Promise<T> {
    if (!this.#observer.isWindowOpen) await this.press(SYNC_PRESS);
    return this.#serve(this.#device, serve);
  }

  /** The neighbour of a name; one that is new goes to a desk first, which takes a minute. */
  async neighbour(name: string): Promise<Neighbour> {
    const known = this.neighbours.get(name);
    if (known) return known;
    const serial = this.neighbours.all.length + 2;
    const neighbour = this.neighbours.add(name, this.#newImage(name, serial), this.board);
    await this.visitOf(neighbour, (client) => enrolVisit(client, () => this.world.now));
    return neighbour;
  }

  /** Serves a neighbour at the desk. */
  async visitOf<T>({ device }: Neighbour, serve: (client: TokenClient) => Promise<T>): Promise<T> {
    device.press(SYNC_PRESS);
    await this.advance(SYNC_PRESS + 0.5);
    return this.#serve(device, serve);
  }

  /** Puts another flash in, as after a change of the whole board: what was in memory is gone. */
  async load(image: Uint8Array): Promise<void> {
    if (this.#device.isOn) this.powerOff();
    this.world.move(this.#wearer, undefined);
    const { battery } = this.#device;
    this.#loaded++;
    [this.#device, this.#observer] = this.#put(image);
    this.#device.battery = battery;
    const ahead = timeOf(this.board, image) - this.world.now;
    if (ahead > 0) await this.advance(ahead);
    this.powerOn();
  }

  get #wearer(): string {
    return this.#loaded ? `token ${this.#loaded + 1}` : "token";
  }

  #put(image: Uint8Array): [EspruinoDevice, Observer] {
    const { world, board } = this;
    const device = world.addToken(this.#wearer, image, this.#driftPpm, board);
    world.move(this.#wearer, MIDDLE);
    const { storagePages, poolPages } = LAYOUTS[board];
    const pool = {
      bytes: poolOf(board, device.flash.bytes),
      erases: device.flash.erases.subarray(storagePages - poolPages),
      nameOf: (prefix: Uint8Array) => this.neighbours.nameOf(prefix),
    };
    const observer = new Observer(world.timeline, device, pool, (event) => this.#tell(event));
    observer.onHeard = (packet, rssi) => this.neighbours.heard(packet, rssi, world.now);
    return [device, observer];
  }

  #newImage(name: string, serial: number): Uint8Array {
    const key = this.world.random.fork(`token key ${name}`).bytes(TOKEN_KEY_BYTES);
    return buildStorageImage(this.board, { serial, key }, this.firmware);
  }

  async #serve<T>(device: EspruinoDevice, serve: (client: TokenClient) => Promise<T>): Promise<T> {
    const observer = this.#observer;
    const connection = (isConnected: boolean): void => {
      if (device === this.#device) observer.connection(isConnected);
    };
    try {
      return await serveToken(this.world, device, serve, connection, () => observer.look());
    } finally {
      await this.advance(WINDOW_SECONDS);
    }
  }
}

// A token that is older than the bench must not come back before it was last used: it would be silent until then.
function timeOf(board: BoardName, image: Uint8Array | undefined): number {
  const stored = image && storedIn(readPages(poolOf(board, image)));
  return stored?.lastInterval ? intervalStart(stored.lastInterval + 1) : 0;
}
