/**
 * Espruino's `NRF` object, as its source has it (`libs/bluetooth/jswrap_bluetooth.c`,
 * `targets/nrf5x/bluetooth.c`): one advertiser, one scanner, one peripheral connection. What the firmware does not use
 * is not modelled and fails loudly.
 *
 * @module
 */
import type { Event, Timeline } from "../timeline.ts";
import type { Observer } from "./activity.ts";
import { parseServiceData } from "./advertising-data.ts";
import type { BoardModel } from "./boards.ts";
import { loud, onlyKnown } from "./loud.ts";

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

/** Scan parameters in milliseconds. */
export interface ScanParameters {
  readonly window: number;
  readonly interval: number;
}

/** The BluetoothDevice that a scan callback gets. */
export interface ScannedDevice {
  readonly id: string;
  readonly rssi: number;
  readonly data: ArrayBuffer;
  readonly services: readonly string[];
  readonly serviceData: Readonly<Record<string, ArrayBuffer>>;
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
interface Scan {
  callback: ScanCallback;
  parameters: ScanParameters;
  /** Services that a packet must carry data for. */
  services: string[];
  /** Virtual time in milliseconds. */
  since: number;
}
interface ScanOptions extends Partial<ScanParameters> {
  filters?: { serviceData: Record<string, object> }[];
}

const DEFAULT_SCAN: ScanParameters = { window: 100, interval: 100 };
/** Notifications that the SoftDevice takes before it drops them silently. */
const NOTIFICATION_BUFFERS = 6;
const CONNECTION_INTERVAL = 15;
const NOTIFICATIONS_PER_INTERVAL = 2;

/** The Bluetooth side of a simulated board. */
export class NrfModel {
  /** What the firmware sees as `NRF`. */
  readonly module: object;
  /** Called when a scan starts. */
  onScanStart: () => void = () => {};
  /** Called when a scan is about to end, see `device.ts`. */
  onScanEnd: (milliseconds: number, parameters: ScanParameters) => void = () => {};
  /** Counts scans, so that a packet on its way can tell whether its scan is still going on. */
  scanNumber = 0;
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
  #scan: Scan | undefined;
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
    this.module = loud("NRF", {
      setAdvertising: (data: unknown, options?: object) => this.#setAdvertising(data, options),
      setAddress: (address: string) => this.#setAddress(address),
      setTxPower: (dBm: number) => {
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
              this.hasNfc = false;
            },
          }),
      setSecurity: (options: { pair?: boolean }) => {
        onlyKnown("setSecurity", options, ["pair"]);
        this.isPairable = options.pair ?? true;
      },
      disconnect: () => {
        this.#timeline.after(CONNECTION_INTERVAL, () => this.disconnect());
      },
      sleep: () => {
        this.#sleeping = true;
        this.#tellAir();
        // Ending a connection takes a word with the other end.
        if (this.#central) this.#timeline.after(CONNECTION_INTERVAL, () => this.disconnect());
      },
      wake: () => {
        this.#sleeping = false;
        this.#tellAir();
      },
      on: (event: string, listener: () => void) => {
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

  /** What is on air now, if anything. */
  onAir(): Advertisement | undefined {
    if (this.#sleeping || this.#central) return undefined;
    return {
      address: this.#address,
      payload: this.#payload,
      interval: this.#interval,
      connectable: this.#connectable,
    };
  }

  /** Tells `observer` what draws current at the moment. */
  describe(observer: Observer): void {
    observer({ what: "air", advertisement: this.onAir() });
    observer({ what: "scan", parameters: this.scanning() });
    if (this.#central) observer({ what: "link", on: true });
  }

  #tellAir(): void {
    this.#report({ what: "air", advertisement: this.onAir() });
  }

  /** The parameters of the scan that is going on, if any. */
  scanning(): ScanParameters | undefined {
    return this.#scan?.parameters;
  }

  /** A packet has reached the antenna while scanning. */
  receive(packet: Advertisement, rssi: number): void {
    const scan = this.#scan;
    if (!scan) return;
    const { services, serviceData } = parseServiceData(packet.payload);
    if (!scan.services.every((service) => service in serviceData)) return;
    this.#report({ what: "script", trigger: "beacon" });
    scan.callback({
      id: `${packet.address} random`,
      rssi,
      data: packet.payload.slice().buffer,
      services,
      serviceData,
    });
  }

  /** Connects a central; false when the token cannot be connected to. */
  connect(central: Central): boolean {
    if (!this.onAir()?.connectable) return false;
    this.#central = central;
    this.#tellAir();
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
    this.#tellAir();
    central.disconnected();
    this.#emit("disconnect");
    if (this.#restartPending) this.#restart();
  }

  /** Power is gone: nothing is sent or called any more. */
  kill(): void {
    const central = this.#central;
    this.#central = undefined;
    this.#scan = undefined;
    this.#sleeping = true;
    for (const listeners of Object.values(this.#listeners)) listeners.length = 0;
    central?.disconnected();
  }

  #emit(event: string): void {
    for (const listener of this.#listeners[event] ?? []) {
      this.#timeline.after(0, () => {
        this.#report({ what: "script", trigger: "link" });
        listener();
      });
    }
  }

  #setAdvertising(data: unknown, options: object = {}): void {
    if (!(data instanceof Uint8Array))
      throw new Error("The simulated setAdvertising takes raw bytes");
    if (data.length > 31) throw new Error("NRF.setAdvertising: more than 31 bytes");
    onlyKnown("setAdvertising", options, ["interval", "connectable", "scannable"]);
    // Options are kept: an omitted one keeps its former value.
    const given = options as { interval?: number; connectable?: boolean; scannable?: boolean };
    const connectable = given.connectable ?? this.#connectable;
    const scannable = given.scannable ?? this.#scannable;
    if (connectable && !scannable) {
      throw new Error(
        "NRF.setAdvertising: connectable but not scannable means directed advertising",
      );
    }
    this.#connectable = connectable;
    this.#scannable = scannable;
    const shortest = connectable || scannable ? 20 : 100;
    this.#interval = Math.min(10240, Math.max(shortest, given.interval ?? this.#interval));
    this.#payload = new Uint8Array(data);
    this.#tellAir();
  }

  #setAddress(text: string): void {
    const match = /^((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) random$/.exec(text);
    if (!match) throw new Error("The simulated setAddress takes random addresses only");
    // The SoftDevice refuses what is not a random static address, and keeps the one it has.
    const address = match[1] as string;
    if (Number.parseInt(address.slice(0, 2), 16) >= 0xc0) this.#pendingAddress = address;
    this.#restart();
  }

  // With a connection, Espruino waits until it is gone.
  #restart(): void {
    this.#restartPending = this.#central !== undefined;
    if (this.#restartPending) return;
    this.restarts++;
    this.#address = this.#pendingAddress ?? this.#address;
    // A running scan goes on, but with the parameters that Espruino starts with.
    if (this.#scan) {
      this.#endScan(this.#scan);
      this.#startScan({ ...this.#scan, parameters: DEFAULT_SCAN, since: this.#timeline.now });
    }
  }

  #setScan(callback?: ScanCallback, options: ScanOptions = {}): void {
    if (!callback) {
      if (this.#scan) this.#endScan(this.#scan);
      this.#scan = undefined;
      this.#report({ what: "scan", parameters: undefined });
      return;
    }
    onlyKnown("setScan", options, ["filters", "window", "interval"]);
    const services = (options.filters ?? []).flatMap((filter) => {
      onlyKnown("setScan filter", filter, ["serviceData"]);
      return Object.keys(filter.serviceData);
    });
    if (this.#scan) {
      // The radio goes on as it was; only the callback is replaced.
      this.#scan = { ...this.#scan, callback, services };
      return;
    }
    const parameters = {
      window: options.window ?? DEFAULT_SCAN.window,
      interval: options.interval ?? DEFAULT_SCAN.interval,
    };
    this.#startScan({ callback, parameters, services, since: this.#timeline.now });
  }

  #endScan({ since, parameters }: Scan): void {
    this.onScanEnd(this.#timeline.now - since, parameters);
  }

  #startScan(scan: Scan): void {
    this.#scan = scan;
    this.scanNumber++;
    this.#report({ what: "scan", parameters: scan.parameters });
    this.onScanStart();
  }

  /** Whether the Nordic UART service is offered, through which Espruino's console is reached. */
  get hasUart(): boolean {
    return this.#uart;
  }

  #setServices(services: Services, options: { uart?: boolean }): void {
    onlyKnown("setServices", options, ["uart"]);
    const uart = options.uart ?? true;
    const restart = uart !== this.#uart || Object.keys(this.#services).length > 0;
    this.#services = services;
    this.#uart = uart;
    if (restart) this.#restart();
  }

  #updateServices(services: Services): void {
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
