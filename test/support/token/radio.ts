import { AEM_OFFSET, BEACON_BYTES, RPI_OFFSET } from "../../../protocol/beacon.ts";
import { REQUEST_CHARACTERISTIC, SYNC_SERVICE } from "../../../protocol/service.ts";

/** Who takes part in what the radio does. */
export interface Around {
  /** Unix seconds. */
  readonly world: number;
  /** What is on air has changed. */
  onAirChanged(onAir: OnAir | undefined): void;
  /** A scan begins; it ends with {@link FakeRadio.hears} undefined. */
  onScan(): void;
  notified(fragment: Uint8Array): void;
  /** Whether a central is connected still. */
  isConnected(): boolean;
  disconnect(): void;
}

/** What is sent: again and again, until it changes. */
export interface OnAir {
  readonly address: string;
  readonly connectable: boolean;
  readonly payload: Uint8Array;
}

/** The address that Espruino sends under as long as there is no other. */
export const FACTORY_ADDRESS = "f0:f1:f2:f3:f4:f5";

/** The calls that can be made to fail. */
export const RADIO_CALLS = [
  "sleep",
  "wake",
  "setAdvertising",
  "setAddress",
  "setScan",
  "setSecurity",
  "setServices",
  "updateServices",
] as const;
export type RadioCall = (typeof RADIO_CALLS)[number];

interface Characteristic {
  readonly value: Uint8Array;
  readonly onWrite?: (event: { data: ArrayBuffer }) => void;
}
type Services = Readonly<Record<string, Readonly<Record<string, Characteristic>>>>;

/** Espruino's radio, as far as a token uses it: each of its calls may fail, and then it does nothing. */
export class FakeRadio {
  /** Says whether a call throws; `count` came before it. */
  fails = (_call: RadioCall, _count: number): boolean => false;
  /** How many calls there were. */
  count = 0;
  /** Whether this Espruino hands packets over unparsed. */
  hasHook = true;
  readonly global: Record<string, unknown> = {};
  readonly listeners: Record<string, (() => void) | undefined> = {};
  #around: Around;
  #address = FACTORY_ADDRESS;
  #nextAddress = "";
  // From power-on until the firmware's first call, which is before there is anything to send.
  #isAsleep = true;
  #payload: Uint8Array | undefined;
  #connectable = false;
  #services: Services = {};

  constructor(around: Around) {
    this.#around = around;
  }

  /** Loses power. */
  reset(): void {
    this.#isAsleep = true;
    this.#payload = undefined;
    this.#address = FACTORY_ADDRESS;
    this.#nextAddress = "";
    this.#services = {};
    delete this.global["#onblescan"];
    delete this.listeners["connect"];
    delete this.listeners["disconnect"];
    this.#around.onAirChanged(undefined);
  }

  /** A connection has ended: what was to be sent is, and then the address changes that was to, as in Espruino. */
  connectionEnded(): void {
    this.#around.onAirChanged(this.onAir);
    this.#address = this.#nextAddress || this.#address;
    this.#nextAddress = "";
    this.#around.onAirChanged(this.onAir);
  }

  /** What is sent now. */
  get onAir(): OnAir | undefined {
    if (this.#isAsleep || !this.#payload || this.#around.isConnected()) return undefined;
    return { address: this.#address, connectable: this.#connectable, payload: this.#payload };
  }

  /** Takes packets while a scan runs. */
  get hears(): ((packet: object) => void) | undefined {
    return this.global["#onblescan"] as ((packet: object) => void) | undefined;
  }

  /** A central writes. */
  write(bytes: Uint8Array): void {
    this.#services[SYNC_SERVICE]?.[REQUEST_CHARACTERISTIC]?.onWrite?.({
      data: Uint8Array.from(bytes).buffer,
    });
  }

  /** What a firmware takes for `NRF`. */
  readonly NRF = {
    sleep: () => {
      this.#call("sleep");
      this.#isAsleep = true;
      this.#around.disconnect();
      this.#around.onAirChanged(this.onAir);
    },
    wake: () => {
      this.#call("wake");
      this.#isAsleep = false;
      this.#around.onAirChanged(this.onAir);
    },
    setAdvertising: (data: Uint8Array, options: { connectable: boolean }) => {
      this.#call("setAdvertising");
      this.#payload = Uint8Array.from(data);
      this.#connectable = options.connectable;
      this.#around.onAirChanged(this.onAir);
    },
    setAddress: (text: unknown) => {
      this.#call("setAddress");
      const address = String(text);
      if (this.#around.isConnected()) this.#nextAddress = address.replace(" random", "");
      else this.#address = address.replace(" random", "");
      this.#around.onAirChanged(this.onAir);
    },
    setScan: (callback?: () => void) => {
      this.#call("setScan");
      delete this.global["#onblescan"];
      if (!callback) return;
      if (this.hasHook) this.global["#onblescan"] = callback;
      this.#around.onScan();
    },
    setServices: (services: Services) => {
      this.#call("setServices");
      this.#services = services;
    },
    updateServices: (services: Services) => {
      this.#call("updateServices");
      for (const characteristics of Object.values(services)) {
        for (const { value } of Object.values(characteristics)) this.#around.notified(value);
      }
    },
    on: (event: string, listener: () => void) => {
      this.listeners[event] = listener;
    },
    setSecurity: () => {
      this.#call("setSecurity");
    },
  };

  #call(call: RadioCall): void {
    if (this.fails(call, this.count++)) throw new Error(`NRF.${call}`);
  }
}

/** The RPI of a beacon on air, in hex; undefined when it is no beacon. */
export function rpiOnAir(onAir: OnAir | undefined): string | undefined {
  if (!onAir || onAir.connectable || onAir.payload.length !== BEACON_BYTES) return undefined;
  return Buffer.from(onAir.payload).toString("hex", RPI_OFFSET, AEM_OFFSET);
}
