/**
 * Espruino's `NRF` object, as its source has it (`libs/bluetooth/jswrap_bluetooth.c`,
 * `targets/nrf5x/bluetooth.c`): one advertiser, one scanner, one peripheral connection. What the firmware does not use
 * is not modelled and fails loudly.
 *
 * @module
 */
import type { Event, Timeline } from "../timeline.ts";
import type { Observer } from "./activity.ts";
import { DeadlyAdvertisement, parseServiceData } from "./advertising-data.ts";
import type { BoardModel } from "./boards.ts";
import { BEACON_MS, FOREIGN_MS } from "./chip-figures.ts";
import { loud, onlyKnown } from "./loud.ts";
import { ReportQueue } from "./report-queue.ts";
import {
  CONNECTABLE,
  DIRECTED,
  INVALID_STATE,
  NON_CONNECTABLE,
  refusedAddress,
  refusedAdvertising,
  refusedAdvertisingData,
  refusedScan,
  SCANNABLE,
  SUCCESS,
} from "./s132.ts";

/** What a token sends at the moment. */
export interface Advertisement {
  /** Bluetooth address, "aa:bb:cc:dd:ee:ff". */
  readonly address: string;
  /** Advertising data, at most 31 bytes. */
  readonly payload: Uint8Array;
  /** Milliseconds between packets, without the random delay of up to 10 ms. */
  readonly interval: number;
  readonly connectable: boolean;
}

/** A time without a change of what is on air, in ms of virtual time. */
export interface AirTime {
  readonly advertisement: Advertisement;
  readonly from: number;
  /** The present, when it goes on. */
  readonly to: number;
}

/** Scan parameters in milliseconds. */
export interface ScanParameters {
  readonly window: number;
  readonly interval: number;
}

/** A part of a scan that is over, in ms since the scan's start. */
export interface ListenedPart {
  readonly from: number;
  /** The present. */
  readonly to: number;
  readonly parameters: ScanParameters;
}

/** What a handler of `#onblescan` gets. */
export interface Report {
  readonly id: string;
  readonly rssi: number;
  /** The advertising data as they came. */
  readonly data: ArrayBuffer;
}

/** The BluetoothDevice that a scan callback gets. */
export interface ScannedDevice extends Report {
  readonly services?: readonly string[];
  readonly serviceData?: Readonly<Record<string, ArrayBuffer | undefined>>;
}

/** The far end of a connection. */
export interface Central {
  /** A notification has arrived. */
  notified(characteristic: string, value: Uint8Array): void;
  /** The link is gone. */
  disconnected(): void;
}

interface Characteristic {
  value: ArrayLike<number>;
  maxLen?: number;
  writable?: boolean;
  notify?: boolean;
  onWrite?: (event: { data: ArrayBuffer }) => void;
}
type Services = Record<string, Record<string, Characteristic>>;
type ScanCallback = (device: ScannedDevice) => void;
type ReportHandler = (report: Report) => void;
interface Scan {
  readonly parameters: ScanParameters;
  /** Virtual time in milliseconds. */
  readonly since: number;
  /** What has been heard of it, in ms. */
  heard: number;
}
interface ScanOptions extends Partial<ScanParameters> {
  filters?: { serviceData: Record<string, object> }[];
}

const DEFAULT_SCAN: ScanParameters = { window: 100, interval: 100 };
/** Where Espruino keeps the handler of advertisements, among the globals. */
const SCAN_EVENT = "#onblescan";
/** Espruino has the SoftDevice stop advertising after so many seconds, and starts it again. */
const ADVERTISING_TIMEOUT = 180;
/** In units of 0.625 ms, as Espruino rounds. */
const units = (milliseconds: number): number => Math.floor(milliseconds / 0.625);
/** So many former times on air are remembered. */
const AIR_TIMES = 8;
/** Notifications that the SoftDevice takes before it drops them silently. */
const NOTIFICATION_BUFFERS = 6;
const CONNECTION_INTERVAL = 15;
const NOTIFICATIONS_PER_INTERVAL = 2;

/** What the SoftDevice says, as Espruino throws it. */
export class NrfError extends Error {
  constructor(code: number) {
    super(`ERR 0x${code.toString(16)}`);
  }
}

/** The Bluetooth side of a simulated board. */
export class NrfModel {
  /** What the firmware sees as `NRF`. */
  readonly module: object;
  /** What the firmware sees as `global`, as far as the radio goes: nothing but {@link SCAN_EVENT}. */
  readonly root: object;
  /** Whether this Espruino keeps its handler where firmware can replace it; others may not. */
  hasScanHook = true;
  /** No JavaScript runs any more; the SoftDevice goes on by itself. */
  isHung = false;
  /** Called when a scan starts. */
  onScanStart: () => void = () => {};
  /** Called with each part of a scan, see `device.ts`. */
  onListened: (part: ListenedPart) => void = () => {};
  /** Called when a scan is about to end, see `device.ts`. */
  onScanEnd: (milliseconds: number, parameters: ScanParameters) => void = () => {};
  /** Called for each advertisement that reaches the antenna while it scans. */
  onReport: (packet: Advertisement, rssi: number) => void = () => {};
  /** Called when an advertisement has killed the board. */
  onDeath: () => void = () => {};
  /** Called while the SoftDevice is off, with what is left of `NRF.restart`'s callback. */
  onRestart: (callback?: () => void) => void = (callback) => callback?.();
  /** Error flags, as `E.getErrorFlags` has them. */
  readonly errorFlags = new Set<string>();
  /** How often the SoftDevice was restarted. */
  restarts = 0;
  txPower: number;
  /** Whether the fixed address can be read over NFC. */
  hasNfc: boolean;
  /** Whether whoever connects can pair, and is told the board's identity. */
  isPairable = true;

  readonly #timeline: Timeline;
  readonly #report: Observer;
  readonly #valueBytes: number;
  #address: string;
  #pendingAddress: string | undefined;
  // Flags, as Espruino sends on its own after boot.
  #payload = new Uint8Array([2, 1, 6]);
  #interval = 375;
  #connectable = true;
  #scannable = true;
  #sleeping = false;
  // What Espruino believes, and what the SoftDevice does: not the same where it has refused.
  #isMarkedAdvertising = true;
  #isAdvertising = true;
  #isMarkedScanning = false;
  #scan: Scan | undefined;
  #onAir: Advertisement | undefined;
  #onAirSince: number;
  readonly #airTimes: AirTime[] = [];
  // The last scan for which it fell silent.
  #listenedFrom = Number.POSITIVE_INFINITY;
  #listenedTo = Number.POSITIVE_INFINITY;
  readonly #handlers: Record<string, ReportHandler | undefined> = {};
  readonly #reports = new ReportQueue();
  readonly #faults = new Map<string, number>();
  #services: Services = {};
  #uart = true;
  #restartPending = false;
  #central: Central | undefined;
  readonly #subscribed = new Set<string>();
  #queue: { characteristic: string; value: Uint8Array }[] = [];
  #drain: Event | undefined;
  readonly #listeners: Record<string, (() => void)[]> = { connect: [], disconnect: [] };

  /** @param report - is told what draws current */
  constructor(timeline: Timeline, address: string, board: BoardModel, report: Observer) {
    this.#timeline = timeline;
    this.#report = report;
    this.#address = address;
    this.#valueBytes = board.valueBytes;
    this.txPower = board.txPower;
    this.hasNfc = !board.isBangle;
    this.#onAirSince = timeline.now;
    this.#onAir = this.#advertisement();
    this.root = new Proxy(this.#handlers, {
      get: (handlers, name) => {
        if (name !== SCAN_EVENT) throw new Error(`The simulated global has no ${String(name)}`);
        return handlers[SCAN_EVENT];
      },
      set: (handlers, name, handler: ReportHandler) => {
        if (name !== SCAN_EVENT) throw new Error(`The simulated global has no ${String(name)}`);
        handlers[SCAN_EVENT] = handler;
        return true;
      },
    });
    this.module = loud("NRF", {
      setAdvertising: (data: unknown, options?: object) => this.#setAdvertising(data, options),
      setAddress: (address: unknown) => this.#setAddress(String(address)),
      restart: (callback?: () => void) => {
        this.#fail("restart");
        this.#restart(callback);
      },
      setTxPower: (dBm: number) => {
        this.#fail("setTxPower");
        if (![-40, -20, -16, -12, -8, -4, 0, 4].includes(dBm)) {
          throw new Error(`NRF.setTxPower: an nRF52832 has no ${dBm} dBm`);
        }
        this.txPower = dBm;
      },
      setScan: (callback?: ScanCallback, options?: ScanOptions) => this.#setScan(callback, options),
      setServices: (services: Services, options: { uart?: boolean }) =>
        this.#setServices(services, options),
      updateServices: (services: Services) => this.#updateServices(services),
      // As Espruino for a Bangle.js has it, not at all.
      ...(board.isBangle
        ? {}
        : {
            nfcStop: () => {
              this.#fail("nfcStop");
              this.hasNfc = false;
            },
          }),
      setSecurity: (options: { pair?: boolean }) => {
        this.#fail("setSecurity");
        onlyKnown("setSecurity", options, ["pair"]);
        this.isPairable = options.pair ?? true;
      },
      disconnect: () => {
        this.#fail("disconnect");
        this.#timeline.after(CONNECTION_INTERVAL, () => this.disconnect());
      },
      sleep: () => {
        this.#fail("sleep");
        this.#sleeping = true;
        this.#stopAdvertising();
        // Ending a connection takes a word with the other end.
        if (this.#central) this.#timeline.after(CONNECTION_INTERVAL, () => this.disconnect());
      },
      wake: () => {
        this.#sleeping = false;
        this.#startAdvertising("wake");
      },
      on: (event: string, listener: () => void) => {
        this.#fail("on");
        const listeners = this.#listeners[event];
        if (!listeners) throw new Error(`The simulated NRF has no event ${event}`);
        listeners.push(listener);
      },
    });
  }

  /** The address that it has on air, "aa:bb:cc:dd:ee:ff". */
  get address(): string {
    return this.#address;
  }

  /**
   * Lets the next calls of a function of `NRF` fail with an error of the SoftDevice. Where Espruino takes what it asked
   * for as done all the same (`setAdvertising`, `wake`, `setScan`), it does so here; of any other nothing is done.
   */
  failNext(name: string, times = 1): void {
    this.#faults.set(name, times);
  }

  #takeFault(name: string): boolean {
    if (this.#faults.size === 0) return false;
    const times = this.#faults.get(name) ?? 0;
    if (times > 0) this.#faults.set(name, times - 1);
    return times > 0;
  }

  #fail(name: string): void {
    if (this.#takeFault(name)) throw new NrfError(INVALID_STATE);
  }

  /** What is on air now, if anything. */
  onAir(): Advertisement | undefined {
    return this.#onAir;
  }

  /** What was on air between two moments, the present at the latest, from the first to the last; as far as is remembered. */
  airTimes(from: number, to: number): AirTime[] {
    const times = this.#airTimes.filter((time) => time.to > from && time.from < to);
    if (this.#onAir && this.#onAirSince < to) {
      times.push({ advertisement: this.#onAir, from: this.#onAirSince, to });
    }
    return times;
  }

  /** The same as if it had not fallen silent to listen: when it listens depends on what it hears, what it sends does not. */
  meantTimes(from: number, to: number): AirTime[] {
    const times = this.airTimes(Math.min(from, this.#listenedFrom - 1), to);
    const before = times.findIndex((time) => time.to === this.#listenedFrom);
    if (before >= 0) {
      const { advertisement, from: since } = times[before] as AirTime;
      const after = times[before + 1];
      const isSame =
        after?.advertisement.payload === advertisement.payload &&
        after.advertisement.address === advertisement.address;
      // While it listens, what it was on air with goes on.
      if (isSame) times.splice(before, 2, { advertisement, from: since, to: after.to });
      else times[before] = { advertisement, from: since, to: Math.min(to, this.#listenedTo) };
    }
    return times.filter((time) => time.to > from && time.from < to);
  }

  #advertisement(): Advertisement | undefined {
    if (!this.#isAdvertising || this.#central) return undefined;
    return {
      address: this.#address,
      payload: this.#payload,
      interval: this.#interval,
      connectable: this.#connectable,
    };
  }

  // Each beginning is one of the advertiser's phase, too, so that a new advertisement is one even when it is the same.
  #tellAir(): void {
    const before = this.#onAir;
    this.#onAir = this.#advertisement();
    if (!before && !this.#onAir) return;
    const { now } = this.#timeline;
    if (before && now > this.#onAirSince) {
      this.#airTimes.push({ advertisement: before, from: this.#onAirSince, to: now });
      if (this.#airTimes.length > AIR_TIMES) this.#airTimes.shift();
    }
    this.#onAirSince = now;
    this.#report({ what: "air", advertisement: this.#onAir });
  }

  // As jsble_advertising_start: marked even when it is refused, so that the next one does nothing.
  #startAdvertising(call: string): void {
    const fails = this.#takeFault(call);
    if (this.#isMarkedAdvertising || this.#central) return;
    this.#isMarkedAdvertising = true;
    const code = fails ? INVALID_STATE : this.#refused();
    this.#isAdvertising = code === SUCCESS;
    this.#tellAir();
    if (code) throw new NrfError(code);
  }

  #stopAdvertising(): void {
    this.#isMarkedAdvertising = this.#isAdvertising = false;
    this.#tellAir();
  }

  #refused(): number {
    const [payload, connectable, scannable] = [this.#payload, this.#connectable, this.#scannable];
    const type = connectable
      ? scannable
        ? CONNECTABLE
        : DIRECTED
      : scannable
        ? SCANNABLE
        : NON_CONNECTABLE;
    return (
      refusedAdvertisingData(payload) ||
      refusedAdvertising({
        type,
        interval: units(this.#interval),
        timeout: ADVERTISING_TIMEOUT,
        limited: payload[1] === 1 && ((payload[2] as number) & 1) === 1,
        advertising: false,
      })
    );
  }

  /** Tells `observer` what draws current at the moment. */
  describe(observer: Observer): void {
    observer({ what: "air", advertisement: this.onAir() });
    observer({ what: "scan", parameters: this.scanning() });
    if (this.#central) observer({ what: "link", on: true });
  }

  /** The parameters of the scan that is going on, if any. */
  scanning(): ScanParameters | undefined {
    return this.#scan?.parameters;
  }

  /** Takes what the radio has heard until now: other JavaScript is about to run, or the scan ends. */
  catchUp(): void {
    const scan = this.#scan;
    if (!scan) return;
    const { heard: from, parameters } = scan;
    const to = this.#timeline.now - scan.since;
    if (to === from) return;
    scan.heard = to;
    this.onListened({ from, to, parameters });
  }

  /**
   * A packet has reached the antenna while scanning; calls are in the order of time.
   *
   * @param at - virtual time in ms: at the end of a scan, of any moment in it
   * @returns whether it reaches JavaScript, which a full queue keeps it from
   * @throws DeadlyAdvertisement when Espruino's own parser gets what it does not survive
   */
  receive(packet: Advertisement, rssi: number, at = this.#timeline.now): boolean {
    if (!this.#scan) return false;
    this.onReport(packet, rssi);
    const trigger = isBeacon(packet.payload) ? "beacon" : "foreign";
    const handling = trigger === "beacon" ? BEACON_MS : FOREIGN_MS;
    if (!this.#reports.takes(at, packet.payload.length, handling)) {
      this.errorFlags.add("FIFO_FULL");
      return false;
    }
    if (this.isHung) return false;
    this.#report({ what: "script", trigger });
    this.#handlers[this.hasScanHook ? SCAN_EVENT : ""]?.({
      id: `${packet.address} random`,
      rssi,
      data: packet.payload.slice().buffer,
    });
    return true;
  }

  // What Espruino puts in the way of an advertisement unless something else stands there.
  #parser(callback: ScanCallback, services: readonly string[] = []): ReportHandler {
    return (report) => {
      try {
        const found = parseServiceData(new Uint8Array(report.data));
        if (services.every((service) => found.serviceData && service in found.serviceData)) {
          callback({ ...report, ...found });
        }
      } catch (error) {
        if (error instanceof DeadlyAdvertisement) this.onDeath();
        throw error;
      }
    };
  }

  /** Connects a central; false when the token cannot be connected to. */
  connect(central: Central): boolean {
    if (!this.#onAir?.connectable) return false;
    this.#central = central;
    this.#stopAdvertising();
    this.#report({ what: "link", on: true });
    this.#emit("connect");
    return true;
  }

  /** The central switches notifications of a characteristic on. */
  subscribe(characteristic: string): void {
    this.#subscribed.add(characteristic);
  }

  /** The central writes; throws as a central would see it fail. */
  write(characteristic: string, value: Uint8Array): void {
    const target = Object.values(this.#services).flatMap((each) => each[characteristic] ?? [])[0];
    if (!this.#central || !target?.writable) throw new Error("write not permitted");
    if (value.length > (target.maxLen ?? target.value.length) || value.length > this.#valueBytes) {
      throw new Error("invalid attribute value length");
    }
    const data = Uint8Array.from(value).buffer;
    // It goes out when the two meet next, and not after the end of the connection.
    const central = this.#central;
    this.#timeline.after(CONNECTION_INTERVAL, () => {
      if (this.#central !== central) return;
      this.#report({ what: "transfer" });
      if (this.isHung) return;
      this.#report({ what: "script", trigger: "write" });
      target.onWrite?.({ data });
    });
  }

  /** Either end, or distance, ends the connection. */
  disconnect(): void {
    const central = this.#central;
    if (!central) return;
    this.#central = undefined;
    this.#subscribed.clear();
    this.#queue = [];
    this.#report({ what: "link", on: false });
    central.disconnected();
    this.#emit("disconnect");
    if (this.#restartPending) this.#restart();
    else if (!this.#sleeping) this.#startAdvertising("");
  }

  /** Power is gone: nothing is sent or called any more. */
  kill(): void {
    const central = this.#central;
    this.#central = undefined;
    this.#scan = undefined;
    this.#sleeping = true;
    this.#isAdvertising = false;
    this.#onAir = undefined;
    for (const listeners of Object.values(this.#listeners)) listeners.length = 0;
    central?.disconnected();
  }

  #emit(event: string): void {
    for (const listener of this.#listeners[event] ?? []) {
      this.#timeline.after(0, () => {
        if (this.isHung) return;
        this.#report({ what: "script", trigger: "link" });
        listener();
      });
    }
  }

  #setAdvertising(data: unknown, options: object = {}): void {
    if (!(data instanceof Uint8Array))
      throw new Error("The simulated setAdvertising takes raw bytes");
    onlyKnown("setAdvertising", options, ["interval", "connectable", "scannable"]);
    // Options are kept: an omitted one keeps its former value.
    const given = options as { interval?: number; connectable?: boolean; scannable?: boolean };
    this.#connectable = given.connectable ?? this.#connectable;
    this.#scannable = given.scannable ?? this.#scannable;
    this.#interval = Math.min(10240, Math.max(20, given.interval ?? this.#interval));
    this.#payload = new Uint8Array(data);
    // While it is silent nothing is looked at: it fails when it wakes.
    if (this.#isMarkedAdvertising) {
      this.#stopAdvertising();
      this.#startAdvertising("setAdvertising");
    } else this.#fail("setAdvertising");
  }

  #setAddress(text: string): void {
    const match = /^((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) random$/.exec(text);
    if (!match) throw new Error("The simulated setAddress takes random addresses only");
    this.#fail("setAddress");
    const address = match[1] as string;
    const first = Number.parseInt(address.slice(0, 2), 16);
    // The SoftDevice refuses what is not a random static address, and keeps the one it has; nothing is thrown.
    if (!refusedAddress({ type: 1, first, busy: false })) this.#pendingAddress = address;
    this.#restart();
  }

  // With a connection, Espruino waits until it is gone, and forgets the callback.
  #restart(callback?: () => void): void {
    this.#restartPending = this.#central !== undefined;
    if (this.#restartPending) return;
    this.restarts++;
    // It ends a scan; a handler stays where it is.
    this.#endScan();
    this.#isMarkedScanning = false;
    this.#stopAdvertising();
    this.onRestart(callback);
    this.#address = this.#pendingAddress ?? this.#address;
    if (!this.#sleeping) this.#startAdvertising("");
  }

  #setScan(callback?: ScanCallback, options: ScanOptions = {}): void {
    const fails = this.#takeFault("setScan");
    const event = this.hasScanHook ? SCAN_EVENT : "";
    if (!callback) {
      const isRefused = this.#isMarkedScanning && (fails || !this.#scan);
      this.#isMarkedScanning = false;
      // What came until now is handed over first.
      if (!isRefused) this.#endScan();
      this.#handlers[event] = undefined;
      if (isRefused) throw new NrfError(INVALID_STATE);
      return;
    }
    onlyKnown("setScan", options, ["filters", "window", "interval"]);
    const services = options.filters?.flatMap((filter) => {
      onlyKnown("setScan filter", filter, ["serviceData"]);
      return Object.keys(filter.serviceData);
    });
    this.#handlers[event] = this.#parser(callback, services);
    // The radio goes on as it was; only the callback is replaced.
    if (this.#isMarkedScanning) return;
    this.#isMarkedScanning = true;
    const parameters = scanParameters(options);
    const [window, interval] = [units(parameters.window), units(parameters.interval)];
    const scanning = fails || this.#scan !== undefined;
    const code = refusedScan({ window, interval, scanning });
    if (code) throw new NrfError(code);
    const { now } = this.#timeline;
    this.#scan = { parameters, since: now, heard: 0 };
    // Silent since this moment: for the sake of the scan.
    if (!this.#onAir && this.#airTimes.at(-1)?.to === now) {
      this.#listenedFrom = now;
      this.#listenedTo = Number.POSITIVE_INFINITY;
    }
    this.#report({ what: "scan", parameters });
    this.onScanStart();
  }

  #endScan(): void {
    const scan = this.#scan;
    if (!scan) return;
    this.catchUp();
    this.onScanEnd(this.#timeline.now - scan.since, scan.parameters);
    this.#scan = undefined;
    if (scan.since === this.#listenedFrom) this.#listenedTo = this.#timeline.now;
    this.#report({ what: "scan", parameters: undefined });
  }

  /** Whether the Nordic UART service is offered, through which Espruino's console is reached. */
  get hasUart(): boolean {
    return this.#uart;
  }

  #setServices(services: Services, options: { uart?: boolean }): void {
    this.#fail("setServices");
    onlyKnown("setServices", options, ["uart"]);
    const uart = options.uart ?? true;
    const restart = uart !== this.#uart || Object.keys(this.#services).length > 0;
    this.#services = services;
    this.#uart = uart;
    if (restart) this.#restart();
  }

  #updateServices(services: Services): void {
    this.#fail("updateServices");
    if (this.#restartPending) throw new Error("Can't update services until BLE restart");
    for (const [service, characteristics] of Object.entries(services)) {
      for (const [uuid, { value, notify }] of Object.entries(characteristics)) {
        const characteristic = this.#services[service]?.[uuid];
        if (!characteristic) throw new Error(`Unable to find service with UUID ${uuid}`);
        if (value.length > (characteristic.maxLen ?? characteristic.value.length)) {
          throw new Error("NRF.updateServices: the value is longer than maxLen");
        }
        characteristic.value = value;
        // Not connected, not subscribed, no buffer left: lost without a word.
        const lost = !this.#subscribed.has(uuid) || this.#queue.length >= NOTIFICATION_BUFFERS;
        if (notify && this.#central && !lost) {
          this.#queue.push({ characteristic: uuid, value: Uint8Array.from(value) });
          this.#drain ??= this.#timeline.after(CONNECTION_INTERVAL, () => this.#transmit());
        }
      }
    }
  }

  #transmit(): void {
    this.#drain = undefined;
    for (const packet of this.#queue.splice(0, NOTIFICATIONS_PER_INTERVAL)) {
      this.#report({ what: "transfer" });
      this.#central?.notified(packet.characteristic, packet.value);
    }
    if (this.#queue.length) {
      this.#drain = this.#timeline.after(CONNECTION_INTERVAL, () => this.#transmit());
    }
  }
}

// Whether it carries service data of exposure notification.
function isBeacon(payload: Uint8Array): boolean {
  for (let at = payload.indexOf(0x16); at >= 0; at = payload.indexOf(0x16, at + 1)) {
    if (payload[at + 1] === 0x6f && payload[at + 2] === 0xfd) return true;
  }
  return false;
}

// What is out of range is Espruino's own instead, and an interval is no shorter than its window.
function scanParameters(options: ScanOptions): ScanParameters {
  const within = (given: number | undefined, otherwise: number): number =>
    given !== undefined && units(given) >= 4 && units(given) <= 16384 ? given : otherwise;
  const window = within(options.window, DEFAULT_SCAN.window);
  return { window, interval: Math.max(window, within(options.interval, DEFAULT_SCAN.interval)) };
}
