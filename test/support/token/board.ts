/** A board made of a {@link Machine}; takes the place of `#board`. */

import type { AdvertisingOptions, Heard } from "../../../firmware/board.ts";
import { decodeLog } from "../../../protocol/encounter-log.ts";
import { packMark, RECORD_BYTES } from "../../../protocol/encounter-record.ts";
import { PAGE_BYTES } from "../../../protocol/flash-layout.ts";
import type { Platform } from "./boot.ts";

// Records say how long before their time mark; here only what else they say counts.
const MARK = packMark(0, 0, 0);

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

declare const platform: Platform;
const { machine } = platform;

export { PUCKJS as LAYOUT } from "../../../protocol/flash-layout.ts";
export const TX_POWER = 0;
export const NOTIFICATION_BYTES = 50;
export const LOW_BATTERY = 66;

export const start = () => {};
export const provisioned = () => true;
export const now = () => machine.clock;
export const setNow = (unixSeconds: number) => machine.setNow(unixSeconds);
export const after = (action: () => void, milliseconds: number) =>
  machine.after(action, milliseconds);
export const cancel = (timer: unknown) => machine.cancel(timer);
export const random32 = () => machine.random32();
export const randomBytes = (length: number) => new Uint8Array(length).map(() => machine.random32());
export const { crc32, sha256, aes128, crypt } = platform;
export const tokenKey = () => platform.tokenKey;

export const readFlash = (page: number, offset: number, length: number) =>
  machine.flash.bytes.slice(page * PAGE_BYTES + offset, page * PAGE_BYTES + offset + length);
export function writeFlash(page: number, offset: number, bytes: Uint8Array): boolean {
  const done = machine.flash.write(page * PAGE_BYTES + offset, bytes);
  // A merged page is made valid when it is whole; what is written to a valid one is new.
  const [record] = bytes.length === RECORD_BYTES ? decodeLog(concat(MARK, bytes)) : [];
  if (done && record && !machine.isUnnumbered(page)) machine.append(record);
  return done;
}
export const writeWord = (page: number, offset: number, value: number) =>
  writeFlash(page, offset, new Uint8Array(new Uint32Array([value]).buffer));
export function blankFlash(page: number): boolean {
  return machine.isBlank(page) || machine.flash.erase(page);
}

export const randomAddress = () => "";
export function advertise(_: string, payload: Uint8Array, options: AdvertisingOptions): void {
  if (!options.connectable) machine.transmit(payload);
}
export const silence = () => machine.disconnect();
export const disconnect = () => machine.disconnect();
export function startScan(heard: (beacon: Heard) => void): void {
  for (const beacon of machine.around()) heard(beacon);
}
export const stopScan = () => {};
export function serve(
  onRequest: (bytes: Uint8Array) => void,
  onConnect: () => void,
  onDisconnect: () => void,
): void {
  machine.onRequest = onRequest;
  machine.onConnect = onConnect;
  machine.onDisconnect = onDisconnect;
}
export const notify = (frame: Uint8Array) => machine.notifications.push(frame);
export const light = (_colour: number, _on: boolean) => {};
export const screen = (_text: number, _quarters: number) => {};
export function onButton(action: (pressed: boolean) => void): void {
  machine.onButton = action;
}
export const battery = () => 100;
