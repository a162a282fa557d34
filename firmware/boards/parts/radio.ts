/** Bluetooth through Espruino's `NRF` object. */

import { NOTIFICATION_BYTES, TX_POWER } from "#board";
import {
  REQUEST_CHARACTERISTIC,
  RESPONSE_CHARACTERISTIC,
  SYNC_SERVICE,
} from "../../../protocol/service.ts";
import type { AdvertisingOptions, Heard } from "../../board.ts";
import { random32 } from "./system.ts";

// Without pause, on each of the three channels in turn.
const WINDOW_MILLISECONDS = 100;

export function randomAddress(): string {
  // 48 random bits, of which the top two are ones in a random static address.
  const digits = (((random32() | 0xc000) & 0xffff) * 0x100000000 + (random32() >>> 0)).toString(16);
  // Espruino takes templates apart anew each time.
  return [
    digits.substr(0, 2),
    digits.substr(2, 2),
    digits.substr(4, 2),
    digits.substr(6, 2),
    digits.substr(8, 2),
    digits.substr(10, 2) + " random",
  ].join(":");
}

export function advertise(address: string, payload: Uint8Array, options: AdvertisingOptions): void {
  // Off air first: from here until wake() neither the old nor the new packet is sent.
  NRF.sleep();
  NRF.setAdvertising(payload, options);
  NRF.setAddress(address);
  NRF.wake();
}

export const silence = NRF.sleep;

export function startScan(heard: (beacon: Heard) => void): void {
  NRF.setScan(heard, {
    filters: [{ serviceData: { fd6f: {} } }],
    window: WINDOW_MILLISECONDS,
    interval: WINDOW_MILLISECONDS,
  });
}

export function stopScan(): void {
  NRF.setScan();
}

function service(
  characteristics: Record<string, Characteristic>,
): Record<string, Record<string, Characteristic>> {
  const services: Record<string, Record<string, Characteristic>> = {};
  services[SYNC_SERVICE] = characteristics;
  return services;
}

export function serve(
  onRequest: (bytes: Uint8Array) => void,
  onConnect: () => void,
  onDisconnect: () => void,
): void {
  const characteristics: Record<string, Characteristic> = {};
  characteristics[REQUEST_CHARACTERISTIC] = {
    writable: true,
    maxLen: NOTIFICATION_BYTES,
    value: new Uint8Array(1),
    onWrite: (event) => onRequest(new Uint8Array(event.data)),
  };
  characteristics[RESPONSE_CHARACTERISTIC] = {
    notify: true,
    maxLen: NOTIFICATION_BYTES,
    value: new Uint8Array(1),
  };
  // Whoever paired would learn the keys by which the board can be known again under every address.
  NRF.setSecurity({ pair: false });
  NRF.setServices(service(characteristics), { uart: false });
  NRF.on("connect", onConnect);
  NRF.on("disconnect", onDisconnect);
  NRF.setTxPower(TX_POWER);
}

export const disconnect = NRF.disconnect;

export function notify(fragment: Uint8Array): void {
  const characteristics: Record<string, Characteristic> = {};
  characteristics[RESPONSE_CHARACTERISTIC] = { value: fragment, notify: true };
  NRF.updateServices(service(characteristics));
}
