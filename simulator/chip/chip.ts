/**
 * An emulated nRF52832 that runs Espruino's own binary with a token's Storage; see `docs/chip.md`. Its time is virtual: it
 * passes only in `run`, `runUntil`, `press` and `during`.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Timers } from "../../companion/timers.ts";
import type { GattLink, TokenRadio } from "../../companion/token/gatt-link.ts";
import { LAYOUTS, PAGE_BYTES } from "../../protocol/flash-layout.ts";
import { compileEmulator } from "./compile.ts";
import { Elf } from "./elf.ts";
import type { ChipEvent, ChipEventOf, ChipState, EventKind, Ledger } from "./events.ts";
import { type ChipFiles, findChipFiles } from "./find.ts";
import { buildFlashImage } from "./flash-image.ts";
import { EmulatorProcess } from "./process.ts";

/** How long time passes at once while something waits for the chip, in milliseconds: a connection interval. */
const STEP = 15;
/** What a desk's adapter does after it has connected, in milliseconds. */
const SETTLING = 60;
const DESK_MTU = 200;
const REMOTE_USER_TERMINATED = 0x13;

/** Espruino for up to 4,095 variables (`jsutils.h`): their size, and 12 bits in each with the number of the next free one. */
const VARIABLE_BYTES = 13;
const NEXT_AT = 4;
const REFERENCE = 0xfff;

/** The pins of a Puck.js's red, green and blue light. */
const LIGHTS = "5 4 3";

/** How to start a chip. */
export interface ChipOptions {
  /** `application`: Espruino alone, its SoftDevice answered by the emulator. `radio`: with the real SoftDevice. */
  readonly level: "application" | "radio";
  /** As `buildStorageImage` makes it for the board. */
  readonly storage: (elf: Elf) => Uint8Array | Promise<Uint8Array>;
  /** Of all chance in the emulator; the same commands give the same result. */
  readonly seed?: number;
  /** Instead of what the environment names. */
  readonly files?: ChipFiles;
}

/** A packet that is heard once, on all advertising channels in turn. */
export interface HeardPacket {
  /** Twelve hex digits, as an address is written; random static. */
  readonly address: string;
  /** Up to 31 bytes. */
  readonly data: Uint8Array;
  /** In dBm; -60 when it is not said. */
  readonly rssi?: number;
  /** Milliseconds from now. */
  readonly after?: number;
}

/** See the module's description. */
export class Chip {
  readonly elf: Elf;
  /** All events so far; may be emptied. */
  readonly events: ChipEvent[] = [];
  /** Time-outs on the chip's clock; they end in `during`. */
  readonly timers: Timers = { after: (delay, action) => this.#after(delay, action) };
  /** What a desk's adapter finds: this chip, while it can be connected to. */
  readonly radio: TokenRadio = {
    links: (milliseconds, refused) => this.#links(milliseconds, refused),
  };

  readonly #emulator: EmulatorProcess;
  readonly #listeners = new Set<(event: ChipEvent) => void>();
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>();
  #state!: ChipState;

  private constructor(elf: Elf, program: string, words: readonly string[]) {
    this.elf = elf;
    this.#emulator = new EmulatorProcess(program, words, (event) => {
      this.events.push(event);
      for (const listener of [...this.#listeners]) listener(event);
    });
  }

  /**
   * Starts a chip: power comes on, and no time has passed.
   *
   * @throws Error with what is missing on this computer
   */
  static async start(options: ChipOptions): Promise<Chip> {
    const { level, storage, seed = 1, files = findChipFiles() } = options;
    if (level === "radio" && !files.softdevice) {
      throw new Error("Set SOFTDEVICE_HEX to the HEX file of S132 3.1.0 (see docs/chip.md).");
    }
    const elf = new Elf(readFileSync(files.elf));
    const softdevice =
      level === "radio" ? readFileSync(files.softdevice as string, "latin1") : undefined;
    const folder = mkdtempSync(join(tmpdir(), "saqbol-chip-"));
    try {
      const image = join(folder, "flash.bin");
      writeFileSync(image, buildFlashImage(elf, await storage(elf), softdevice));
      const limits = [elf.addressOf("end"), elf.addressOf("__StackTop"), seed];
      const chip = new Chip(elf, compileEmulator(files.unicorn), [
        level,
        image,
        ...limits.map(String),
      ]);
      await chip.#watchVariables();
      await chip.#command(`lights ${LIGHTS}`);
      return chip;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** How it is now. */
  get state(): ChipState {
    return this.#state;
  }

  /** Calls `listener` for each event from now on; returns how to stop that. */
  listen(listener: (event: ChipEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The events of one kind so far. */
  eventsOf<Kind extends EventKind>(kind: Kind): ChipEventOf<Kind>[] {
    return ofKind(this.events, kind);
  }

  /**
   * Lets time pass.
   *
   * @throws Error with the fault that has ended the run, and the functions that it was in
   */
  async run(milliseconds: number): Promise<void> {
    await this.#command(`run ${milliseconds}`);
    this.#throwFault();
  }

  /** Lets time pass until an event of a kind, which is returned; undefined when there is none in time. */
  async runUntil<Kind extends EventKind>(
    kind: Kind,
    milliseconds: number,
  ): Promise<ChipEventOf<Kind> | undefined> {
    const before = this.events.length;
    await this.#command(`run ${milliseconds} ${kind}`);
    this.#throwFault();
    return ofKind(this.events.slice(before), kind)[0];
  }

  /** Lets time pass until something is done, such as a visit over {@link radio} with {@link timers}. */
  async during<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const end = (): void => {
      isDone = true;
    };
    work.then(end, end);
    for (;;) {
      do await setImmediate();
      while (this.#emulator.busy);
      if (isDone) return work;
      const next = Math.min(...[...this.#timers].map(({ at }) => at - this.#now));
      await this.run(Math.max(1, Math.min(STEP, Math.ceil(next))));
      for (const timer of [...this.#timers].filter(({ at }) => at <= this.#now)) {
        this.#timers.delete(timer);
        timer.action();
      }
    }
  }

  /** Presses the button. */
  async press(seconds: number): Promise<void> {
    await this.#command("button 1");
    await this.run(seconds * 1000);
    await this.#command("button 0");
    await this.run(300);
  }

  /** Sets the battery's voltage. */
  async setBattery(volts: number): Promise<void> {
    await this.#command(`battery ${Math.round(volts * 1000)}`);
  }

  /** Resets it: by its pin, by software, or by taking the battery out. Flash stays; RAM does but for `power`. */
  async reset(kind: "pin" | "soft" | "power"): Promise<void> {
    await this.#command(`reset ${kind}`);
  }

  /** Puts neighbours around it that advertise as phones do, at 270 ms, with another RPI every 10 to 20 minutes. */
  async setNeighbours(count: number, rssi = -60): Promise<void> {
    await this.#command(`neighbours ${count} ${rssi}`);
  }

  /** Lets it hear a packet, if it listens then. */
  async hear({ address, data, rssi = -60, after = 0 }: HeardPacket): Promise<void> {
    const hex = Buffer.from(data).toString("hex");
    await this.#command(`packet ${after} ${rssi} 2 ${address} ${hex}`);
  }

  /** Whether packets become events. */
  async trace(on: boolean): Promise<void> {
    await this.#command(`trace ${on ? 1 : 0}`);
  }

  /**
   * Makes calls of the SoftDevice fail without being made.
   *
   * @param call - such as `sd_ble_gap_adv_data_set`
   * @param code - what it returns
   * @param times - how many
   * @param after - how many are made before
   */
  async failNext(call: string, code: number, times = 1, after = 0): Promise<void> {
    await this.#command(`fail ${call} ${code} ${times} ${after}`);
  }

  /** Level A: lets flash operations end with an error, without effect. */
  async failFlash(times: number): Promise<void> {
    await this.#command(`failflash ${times}`);
  }

  /** What has drawn current. */
  async ledger(): Promise<Ledger> {
    return this.#ask("ledger", "ledger");
  }

  /** Begins anew to look for the extremes in {@link ChipState}: of stack, variables and time awake. */
  async forgetExtremes(): Promise<void> {
    await this.#command("forget");
  }

  /** Hangs the processor: from now on it loops with its interrupts masked, as after a HardFault, until a reset. */
  async hang(): Promise<void> {
    await this.#command("hang");
  }

  /** The bytes that the stack has between the variables and its top. */
  get stackRoom(): number {
    return this.elf.addressOf("__StackTop") - this.elf.addressOf("end");
  }

  /** How many of the interpreter's variables are in use, and how many there are. */
  async variables(): Promise<{ used: number; all: number }> {
    const { address, bytes } = this.elf.symbol("jsVars");
    const variables = Buffer.from(await this.memory(address, bytes));
    const first = Buffer.from(await this.memory(this.elf.addressOf("jsVarFirstEmpty"), 2));
    let used = bytes / VARIABLE_BYTES;
    // Those that are free form a list.
    for (let free = first.readUInt16LE(0); free; used--) {
      free = variables.readUInt16LE((free - 1) * VARIABLE_BYTES + NEXT_AT) & REFERENCE;
    }
    return { used, all: bytes / VARIABLE_BYTES };
  }

  /** How often the application has called what of the SoftDevice. */
  async calls(): Promise<Map<string, number>> {
    const before = this.events.length;
    await this.#command("calls");
    const found = this.events.splice(before) as ChipEventOf<"calls">[];
    return new Map(found.map(({ name, count }) => [name, count]));
  }

  /** Storage as it is now, for {@link ChipOptions} of another chip. */
  async storage(): Promise<Uint8Array> {
    const { storage, storagePages } = LAYOUTS[this.elf.board];
    return this.memory(storage, storagePages * PAGE_BYTES);
  }

  /** Reads memory. */
  async memory(address: number, length: number): Promise<Uint8Array> {
    const { data } = await this.#ask(`memory ${address.toString(16)} ${length}`, "memory");
    return Buffer.from(data, "hex");
  }

  /** Writes RAM. */
  async poke(address: number, bytes: Uint8Array): Promise<void> {
    await this.#command(`poke ${address.toString(16)} ${Buffer.from(bytes).toString("hex")}`);
  }

  /** Calls the SoftDevice in place, as code in thread mode could while it sleeps; returns its answer. */
  async call(number: number, ...words: number[]): Promise<number> {
    const hex = words.map((word) => word.toString(16)).join(" ");
    return (await this.#ask(`call ${number} ${hex}`, "called")).result;
  }

  /** What level A's rules in C answer, see `emulator/rules.c`. */
  async rules(what: string): Promise<number> {
    return (await this.#ask(`rules ${what}`, "called")).result;
  }

  /** Connects as a desk does, and switches notifications on; undefined when it does not advertise for that. */
  async connect(): Promise<GattLink | undefined> {
    if (!(await this.#try("connect"))) return undefined;
    const link = this.#link();
    await this.#pass(SETTLING);
    await this.#command(`mtu ${DESK_MTU}`);
    await this.#pass(SETTLING);
    await this.#command("subscribe");
    await this.#pass(SETTLING);
    return link;
  }

  /** Ends the emulator. */
  async end(): Promise<void> {
    await this.#emulator.end();
  }

  get #now(): number {
    return this.#state.time * 1000;
  }

  async #command(line: string): Promise<void> {
    if (!(await this.#try(line))) throw new Error(`The emulator cannot do this: ${line}`);
  }

  // A command that may be refused.
  async #try(line: string): Promise<boolean> {
    this.#state = await this.#emulator.command(line);
    return this.#state.well;
  }

  // A command whose answer is one event, which is not kept.
  async #ask<Kind extends EventKind>(line: string, kind: Kind): Promise<ChipEventOf<Kind>> {
    await this.#command(line);
    const at = this.events.map((each) => each.event).lastIndexOf(kind);
    if (at < 0) throw new Error(`The emulator does not know the command ${line}`);
    return ofKind(this.events.splice(at, 1), kind)[0] as ChipEventOf<Kind>;
  }

  async #watchVariables(): Promise<void> {
    const { address, bytes } = this.elf.symbol("jsVars");
    const first = this.elf.addressOf("jsVarFirstEmpty").toString(16);
    await this.#command(`variables ${address.toString(16)} ${bytes / VARIABLE_BYTES} ${first}`);
  }

  #throwFault(): void {
    if (!this.#state.fault) return;
    const backtrace = Buffer.from(this.eventsOf("fault").at(-1)?.backtrace ?? "", "hex");
    const functions = Array.from({ length: backtrace.length / 4 }, (_, index) =>
      this.elf.functionAt(backtrace.readUInt32LE(4 * index)),
    );
    const seconds = this.#state.time.toFixed(3);
    throw new Error(`After ${seconds} s: ${this.#state.fault}\n${functions.join("\n")}`);
  }

  #after(delay: number, action: () => void): () => void {
    const timer = { at: this.#now + delay, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  #pass(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.#after(milliseconds, resolve));
  }

  async *#links(
    milliseconds: number,
    refused: ReadonlySet<string>,
  ): AsyncGenerator<GattLink, void> {
    const end = this.#now + milliseconds;
    while (this.#now < end) {
      const link = refused.has(this.#address) ? undefined : await this.connect();
      if (link) yield link;
      await this.#pass(SETTLING);
    }
  }

  get #address(): string {
    return this.eventsOf("address").at(-1)?.address ?? "";
  }

  #link(): GattLink {
    let isOpen = true;
    let onNotification = (_fragment: Uint8Array): void => {};
    let onDisconnect = (): void => {};
    const stop = this.listen((event) => {
      if (event.event === "notify") onNotification(Buffer.from(event.data, "hex"));
      if (event.event !== "disconnected" && event.event !== "reset") return;
      isOpen = false;
      stop();
      onDisconnect();
    });
    return {
      id: this.#address,
      write: async (request) => {
        if (!isOpen) throw new Error("the link is gone");
        await this.#command(`write ${Buffer.from(request).toString("hex")}`);
      },
      onNotification: (handler) => {
        onNotification = handler;
      },
      onDisconnect: (handler) => {
        onDisconnect = handler;
        if (!isOpen) handler();
      },
      disconnect: () => {
        if (isOpen) this.#command(`disconnect ${REMOTE_USER_TERMINATED}`).catch(() => {});
      },
    };
  }
}

function ofKind<Kind extends EventKind>(
  events: readonly ChipEvent[],
  kind: Kind,
): ChipEventOf<Kind>[] {
  return events.filter((each) => each.event === kind) as unknown as ChipEventOf<Kind>[];
}
