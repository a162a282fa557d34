/** A board made of a {@link Machine}; takes the place of `#board`. */

import { decodeLog } from "../../../protocol/encounter-log.ts";
import { packMark, RECORD_BYTES } from "../../../protocol/encounter-record.ts";
import { PAGE_BYTES } from "../../../protocol/flash-layout.ts";
import type { Platform } from "./boot.ts";

export * from "./parts.js";

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

export const provisioned = () => true;
export const wasHung = machine.wasHung;
export function keepAlive(): void {
  machine.kicks.push(machine.world);
}
export const rest = () => {};
export const { sha256, aes128, crypt } = platform;
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

export function light(colour: number, on: boolean): void {
  machine.lights[colour] = on;
}
export const screen = (_text: number, _quarters: number) => {};
export function onButton(action: (pressed: boolean) => void): void {
  machine.onButton = action;
}
