/** Time, randomness, checksums and the battery, which are the same on all of Espruino. */
import type { Timer } from "../../board.ts";

export function start(): void {
  E.setConsole(null, { force: true });
}

export const now = getTime;
export const setNow = setTime;

export const after = setTimeout;

export function cancel(timer: Timer): void {
  // Espruino complains about an unknown timer instead of ignoring it.
  if (timer) clearTimeout(timer);
}

export const random32 = E.hwRand;

export function randomBytes(length: number): Uint8Array {
  return new Uint8Array(length).map(random32);
}

export const crc32 = E.CRC32;

export const battery = E.getBattery;
