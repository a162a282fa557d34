/**
 * Espruino's queue between radio and JavaScript (`src/jsdevices.c`, `libs/bluetooth/bluetooth_utils.c`,
 * `src/jsinteractive.c`).
 *
 * The interrupt puts each report into a ring of bytes. The main loop takes all out that is there, then runs the
 * callbacks of all of these; what comes meanwhile waits in the ring, and what does not fit is dropped. A scan's end
 * loses nothing: the ring is emptied before timers run.
 *
 * @module
 */

/** Bytes of the ring on nRF52 (`scripts/build_platform_config.py`, bufferSizeIO; a Bangle.js 2 has twice as many). */
const RING_BYTES = 1024;
/** Bytes that a beacon takes: length and flags, kind and handle (3), address (7), RSSI, length, and 31 of data. */
const EVENT_BYTES = 2 + 3 + 7 + 1 + 1 + 31;
/** Bytes that must stay free besides (`jshHasEventSpaceForChars`). */
const SPARE_BYTES = 4;
/** Beacons that can wait. */
export const QUEUE_LENGTH = Math.floor((RING_BYTES - SPARE_BYTES) / EVENT_BYTES);
/**
 * What the firmware needs for a beacon, in ms: 10.6 empty callbacks (README, with 60 neighbours) of 37,000 instructions
 * (`npm run size`), at 64 MHz and one instruction a cycle.
 */
export const HANDLING_MS = (10.6 * 37_000) / 64_000;

/** Which of the beacons that came at `times` (ms, ascending) reach JavaScript. */
export function queued(times: readonly number[]): boolean[] {
  let busyUntil = -1;
  let waiting = 0;
  return times.map((time) => {
    while (waiting > 0 && busyUntil <= time) {
      busyUntil += waiting * HANDLING_MS;
      waiting = 0;
    }
    if (busyUntil <= time) {
      busyUntil = time + HANDLING_MS;
      return true;
    }
    if (waiting === QUEUE_LENGTH) return false;
    waiting++;
    return true;
  });
}
