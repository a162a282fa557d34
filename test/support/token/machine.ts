import { DeskSession } from "../../../companion/token/desk-session.ts";
import type { Heard } from "../../../firmware/board.ts";
import { AEM_OFFSET, RPI_OFFSET } from "../../../protocol/beacon.ts";
import type { Encounter } from "../../../protocol/encounter-log.ts";
import { PAGE_BYTES } from "../../../protocol/flash-layout.ts";
import { FakeFlash } from "./flash.ts";

/** The key of the token in a machine. */
export const TOKEN_KEY = new Uint8Array(16).fill(0x6b);

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** What stands behind the fake board: flash, time, and the world around the token. */
export class Machine {
  readonly flash: FakeFlash;
  /** The token's own clock in Unix seconds; 0 when the battery is put in. */
  clock = 0;
  /** The true time in Unix seconds. */
  world: number;
  /** Beacons that a scan hears now. */
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
  onRequest: (bytes: Uint8Array) => void = () => {};
  onButton: (pressed: boolean) => void = () => {};
  onConnect: () => void = () => {};
  onDisconnect: () => void = () => {};
  notifications: Uint8Array[] = [];
  #session: DeskSession | undefined;
  #timers: Timer[] = [];
  #random = 1;

  /** @param world - Unix seconds */
  constructor(bytes: Uint8Array, world: number) {
    this.world = world;
    this.flash = new FakeFlash(bytes);
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

  cancel(timer: unknown): void {
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
    this.onRequest = this.onButton = this.onConnect = this.onDisconnect = () => {};
    this.#session = undefined;
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
      this.aroundAction(next.action);
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

  /** A desk's request, in a session that begins with the first one, and the time that its answer takes. */
  request(message: Uint8Array): void {
    if (!this.#session) {
      const session = new DeskSession(TOKEN_KEY);
      this.aroundAction(this.onConnect);
      const answer = this.#exchange(session.hello);
      if (!session.begin(answer.subarray(1))) throw new Error("the token did not know its key");
      this.#session = session;
    }
    this.#exchange(this.#session.seal(message));
  }

  // Writes, and returns the last notification of the answer.
  #exchange(bytes: Uint8Array): Uint8Array {
    this.aroundAction(() => this.onRequest(bytes));
    this.advance(1);
    return this.notifications.at(-1) ?? new Uint8Array(0);
  }

  /** Ends a connection, if there is one. */
  disconnect(): void {
    if (this.#session) this.after(this.onDisconnect, 15);
    this.#session = undefined;
  }

  /** The token goes on air with the identifier of its last interval. */
  transmit(payload: Uint8Array): void {
    const rpi = Buffer.from(payload).toString("hex", RPI_OFFSET, AEM_OFFSET);
    const interval = this.lastInterval();
    this.aired.push({ operations: this.flash.operations.length, interval, rpi });
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
