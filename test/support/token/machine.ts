import { DeskSession } from "../../../companion/token/desk-session.ts";
import type { Heard } from "../../../firmware/board.ts";
import { BEACON_BYTES, emptyBeacon, RPI_OFFSET } from "../../../protocol/beacon.ts";
import type { Encounter } from "../../../protocol/encounter-log.ts";
import { PAGE_BYTES } from "../../../protocol/flash-layout.ts";
import { createAssembler } from "../../../protocol/frames.ts";
import { MAX_MESSAGE } from "../../../protocol/messages.ts";
import { FakeFlash } from "./flash.ts";
import { FakeRadio, type OnAir, rpiOnAir } from "./radio.ts";

/** The key of the token in a machine. */
export const TOKEN_KEY = new Uint8Array(16).fill(0x6b);

/** How far into a scan everybody is heard, in milliseconds. */
const HEARD_AFTER = 100;

/** A beacon as Espruino hands it over: RSSI, RPI and AEM (20 bytes), in Android's form or, with flags, in the iPhone's. */
export function heard(rssi: number, rpiAndAem: Uint8Array, withFlags = false): Heard {
  const flags = withFlags ? [2, 1, 0x1a] : [];
  const beacon = emptyBeacon(BEACON_BYTES);
  beacon.set(rpiAndAem, RPI_OFFSET);
  return { rssi, data: Uint8Array.of(...flags, ...beacon).buffer };
}

/** The beacon of a neighbour whose RPI begins with a number (uint32). */
export function heardFrom(rpi: number, rssi: number): Heard {
  const bytes = new Uint8Array(20);
  new DataView(bytes.buffer).setUint32(0, rpi, true);
  return heard(rssi, bytes);
}

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** What stands behind the fake board: flash, time, and the world around the token. */
export class Machine {
  readonly flash: FakeFlash;
  readonly radio: FakeRadio;
  /** Whether there is no room for a result of cryptography. */
  isFull = (): boolean => false;
  /** Whether it will be the watchdog that starts the firmware. */
  wasHung = false;
  /** When the watchdog was told that all is well, in Unix seconds. */
  readonly kicks: number[] = [];
  /** Which lights are on. */
  readonly lights: boolean[] = [];
  /** Each change of what is on air, and when. */
  readonly sent: { readonly at: number; readonly onAir: OnAir | undefined }[] = [];
  /** The token's own clock in Unix seconds; 0 when the battery is put in. */
  clock = 0;
  /** The true time in Unix seconds. */
  world: number;
  /** What a scan hears now. */
  around: () => readonly Heard[] = () => [];
  /** Each change of what is on air: how much had been done to flash before, the interval and the RPI (in hex) sent. */
  readonly aired: {
    readonly operations: number;
    readonly interval: number;
    readonly rpi: string;
  }[] = [];
  /** Called before and after each action of the firmware. */
  aroundAction: (action: () => void) => void = (action) => action();
  /** Each record as it came into the log: what had been done to flash then, RPI and minutes. */
  readonly appended: {
    readonly operations: number;
    readonly rpi: number;
    readonly minutes: number;
  }[] = [];
  /** The last interval that the firmware has used. */
  lastInterval: () => number = () => 0;
  onButton: (pressed: boolean) => void = () => {};
  notifications: Uint8Array[] = [];
  #session: DeskSession | undefined;
  #isConnected = false;
  /** Milliseconds until a connection that the token ends is gone. */
  lingering = 15;
  #timers: Timer[] = [];
  #running: Timer | undefined;
  #random = 1;

  /** @param world - Unix seconds */
  constructor(bytes: Uint8Array, world: number) {
    this.world = world;
    this.flash = new FakeFlash(bytes);
    this.radio = new FakeRadio(this);
  }

  /** A number of a fixed sequence, int32. */
  random32(): number {
    this.#random = (Math.imul(this.#random, 1664525) + 1013904223) | 0;
    return this.#random ^ (this.#random >>> 15);
  }

  after(action: () => void, milliseconds: number): Timer {
    const timer = { at: this.clock + milliseconds / 1000, action };
    this.#timers.push(timer);
    return timer;
  }

  /**
   * Stops a timer, which may be the one that runs.
   *
   * @throws Error for one that has fired before: on Espruino another one may have its number by then
   */
  cancel(timer: unknown): void {
    const isKnown = timer === this.#running || this.#timers.some((each) => each === timer);
    if (!isKnown) throw new Error("There is no such timer");
    this.#timers = this.#timers.filter((each) => each !== timer);
  }

  setNow(unixSeconds: number): void {
    const change = unixSeconds - this.clock;
    // In place, because the firmware holds on to its timers.
    for (const timer of this.#timers) (timer as { at: number }).at += change;
    this.clock = unixSeconds;
  }

  /** Takes the battery out: what was to happen will not. */
  powerOff(): void {
    this.#timers = [];
    this.onButton = () => {};
    this.#session = undefined;
    this.#isConnected = false;
    this.radio.reset();
  }

  /** Lets time pass. */
  advance(seconds: number): void {
    let left = seconds;
    for (;;) {
      const next = this.#timers.reduce<Timer | undefined>(
        (first, each) => (!first || each.at < first.at ? each : first),
        undefined,
      );
      const wait = next ? Math.max(0, next.at - this.clock) : left + 1;
      if (!next || wait > left) break;
      left -= wait;
      this.clock += wait;
      this.world += wait;
      this.cancel(next);
      this.#running = next;
      this.aroundAction(next.action);
      this.#running = undefined;
    }
    this.clock += left;
    this.world += left;
  }

  /** Holds the button. */
  press(seconds: number): void {
    this.aroundAction(() => this.onButton(true));
    this.advance(seconds);
    this.aroundAction(() => this.onButton(false));
  }

  /** A desk connects, and begins a session. */
  connect(): DeskSession {
    const session = new DeskSession(TOKEN_KEY);
    this.#isConnected = true;
    this.aroundAction(() => this.radio.listeners["connect"]?.());
    if (!session.begin(this.write(session.hello) ?? new Uint8Array(0))) {
      throw new Error("the token did not know its key");
    }
    this.#session = session;
    return session;
  }

  /** A desk's request, in a session that begins with the first one, and the time that its answer takes. */
  request(message: Uint8Array): Uint8Array | undefined {
    const session = this.#session ?? this.connect();
    const response = this.write(session.seal(message));
    return response && session.open(response);
  }

  /** A desk writes a frame, and a second passes: the response, if there is one. */
  write(frame: Uint8Array): Uint8Array | undefined {
    this.notifications = [];
    this.aroundAction(() => this.radio.write(frame));
    this.advance(1);
    const assembler = createAssembler(frame[0]! | (frame[1]! << 8), MAX_MESSAGE);
    return this.notifications.map((each) => assembler.accept(each)).find((whole) => whole);
  }

  /** Ends a connection, if there is one. */
  disconnect(): void {
    if (this.#session) {
      this.after(() => {
        this.#isConnected = false;
        this.radio.connectionEnded();
        this.radio.listeners["disconnect"]?.();
      }, this.lingering);
    }
    this.#session = undefined;
  }

  isConnected(): boolean {
    return this.#isConnected;
  }

  onAirChanged(onAir: OnAir | undefined): void {
    const last = this.sent.at(-1)?.onAir;
    if (!onAir && !last) return;
    this.sent.push({ at: this.world, onAir });
    // The token goes on air with the identifier of its last interval.
    const rpi = rpiOnAir(onAir);
    if (!rpi || this.aired.at(-1)?.rpi === rpi) return;
    const interval = this.lastInterval();
    this.aired.push({ operations: this.flash.operations.length, interval, rpi });
  }

  onScan(): void {
    this.after(() => {
      for (const packet of this.around()) this.radio.hears?.(packet);
    }, HEARD_AFTER);
  }

  notified(fragment: Uint8Array): void {
    this.notifications.push(fragment);
  }

  /** The log gets a record. */
  append({ rpiPrefix, minutes }: Encounter): void {
    const rpi = Buffer.from(rpiPrefix).readUInt32LE();
    this.appended.push({ operations: this.flash.operations.length, rpi, minutes });
  }

  isUnnumbered(page: number): boolean {
    return Buffer.from(this.flash.bytes).readInt32LE(page * PAGE_BYTES) === -1;
  }

  isBlank(page: number): boolean {
    const bytes = this.flash.bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    return Buffer.compare(bytes, BLANK) === 0;
  }
}

const BLANK = new Uint8Array(PAGE_BYTES).fill(0xff);
