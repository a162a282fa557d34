/** Time, randomness, checksums and the battery, which are the same on all of Espruino. */
import type { Timer } from "../../board.ts";

// From here on nobody can run code over the air or at the serial pins.
E.setConsole(null, { force: true });

export const now = getTime;
export const setNow = setTime;

export const after = setTimeout;

export function cancel(timer: Timer): void {
  // Espruino complains about none. A timer that has fired must not come here: another one may have its number by now.
  if (timer) clearTimeout(timer);
}

export const random32 = E.hwRand;

export function randomBytes(length: number): Uint8Array {
  return new Uint8Array(length).map(random32);
}

export const crc32 = E.CRC32;

export const battery = E.getBattery;
