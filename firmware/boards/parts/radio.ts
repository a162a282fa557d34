/** Bluetooth through Espruino's `NRF` object. */

import { NOTIFICATION_BYTES } from "#board";
import {
  REQUEST_CHARACTERISTIC,
  RESPONSE_CHARACTERISTIC,
  SYNC_SERVICE,
} from "../../../protocol/service.ts";
import type { Heard, Written } from "../../board.ts";
import { random32 } from "./system.ts";

/** As many as Espruino takes: six bytes with a colon between them, and " random" behind. */
const ADDRESS_LETTERS = 24;

/** Calls of radio and flash that have failed. */
export let failures = 0;

/** Counts a failure; false, for what has failed. */
export function fail(): boolean {
  // As many as a status has room for.
  if (failures < 255) failures++;
  return false;
}

export function randomAddress(): string {
  // 48 random bits, of which the top two are ones in a random static address.
  const digits = (((random32() | 0xc000) & 0xffff) * 0x100000000 + (random32() >>> 0)).toString(16);
  // Espruino takes templates apart anew each time.
  return (digits.match(/../g) as string[]).join(":") + " random";
}

// Espruino 2v29 keeps each string that was an address for ever (`jswrap_ble_getAddress_binary` in its sources), which would
// fill the memory within days. So there is one for all of them, whose letters change.
const text = E.toString(new Uint8Array(ADDRESS_LETTERS));

/** Calls the radio; false when that failed. */
export function attempt<A, B>(call: (a: A, b: B) => void, a?: A, b?: B): boolean {
  try {
    call(a as A, b as B);
    return true;
  } catch {
    return fail();
  }
}

export const wake = (): boolean => attempt(NRF.wake);
export const silence = (): boolean => attempt(NRF.sleep);
export const stopScan = (): boolean => attempt(NRF.setScan);

export function advertise(
  address: string,
  payload: Uint8Array,
  interval: number,
  connectable: boolean,
): boolean {
  // Off air first: from here until wake() neither the old nor the new packet is sent. A radio that refuses the address tells
  // nobody; it has no reason to.
  new Uint8Array(E.toArrayBuffer(text)).set(E.toUint8Array(address));
  return (
    silence() &&
    attempt(NRF.setAdvertising, payload, { interval, connectable, scannable: connectable }) &&
    attempt(NRF.setAddress, text) &&
    wake()
  );
}

export let canListen: boolean;

export function startScan(heard: (packet: Heard) => void): void {
  // Without pause, on each of the three channels in turn.
  const isDone = attempt(NRF.setScan, heard, { window: 100, interval: 100 });
  // In the place of Espruino's own parser, which anybody's advertisement can make write over memory.
  canListen = !isDone || !!global["#onblescan"];
  global["#onblescan"] = heard;
}

function service(
  characteristics: Record<string, Characteristic>,
): Record<string, Record<string, Characteristic>> {
  const services: Record<string, Record<string, Characteristic>> = {};
  services[SYNC_SERVICE] = characteristics;
  return services;
}

export function serve(
  onRequest: (written: Written) => void,
  onConnect: () => void,
  onDisconnect: () => void,
): boolean {
  const characteristics: Record<string, Characteristic> = {};
  characteristics[REQUEST_CHARACTERISTIC] = {
    writable: true,
    maxLen: NOTIFICATION_BYTES,
    value: new Uint8Array(1),
    onWrite: onRequest,
  };
  characteristics[RESPONSE_CHARACTERISTIC] = {
    notify: true,
    maxLen: NOTIFICATION_BYTES,
    value: new Uint8Array(1),
  };
  // Whoever paired would learn the keys by which the board can be known again under every address.
  if (
    !attempt(NRF.setSecurity, { pair: false }) ||
    !attempt(NRF.setServices, service(characteristics), { uart: false })
  ) {
    return false;
  }
  NRF.on("connect", onConnect);
  NRF.on("disconnect", onDisconnect);
  return true;
}

export function notify(fragment: Uint8Array): void {
  const characteristics: Record<string, Characteristic> = {};
  characteristics[RESPONSE_CHARACTERISTIC] = { value: fragment, notify: true };
  // When that fails, the desk asks again.
  attempt(NRF.updateServices, service(characteristics));
}
