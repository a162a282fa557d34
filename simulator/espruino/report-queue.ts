/**
 * Espruino's queue between radio and JavaScript (`src/jsdevices.c`, `libs/bluetooth/bluetooth_utils.c`,
 * `src/jsinteractive.c`).
 *
 * The interrupt puts each report into a ring of bytes. The main loop takes all out that is there, then runs the
 * callbacks of all of these; what comes meanwhile waits in the ring, and what does not fit is dropped without a word. A
 * scan's end loses nothing: the ring is emptied before timers run.
 *
 * @module
 */

/** Bytes of the ring on nRF52 (`scripts/build_platform_config.py`, bufferSizeIO; a Bangle.js 2 has twice as many). */
const RING_BYTES = 1024;
/** Bytes that stay free (`jshGetIOCharEventsFree`). */
const SPARE_BYTES = 4;
/** Of a report besides its data: length and flags, kind and handle (3), address (7), RSSI and length. */
const EVENT_BYTES = 2 + 3 + 7 + 1 + 1;

/** Reports that wait for the main loop, by when they came. */
export class ReportQueue {
  #bytes = 0;
  // What the callbacks of those in the ring will take, in ms.
  #handling = 0;
  #busyUntil = Number.NEGATIVE_INFINITY;

  /**
   * A report comes in; calls are in the order of time.
   *
   * @param at - in ms
   * @param dataBytes - of the advertisement
   * @param handling - how long its callback takes, in ms
   * @returns whether it reaches JavaScript
   */
  takes(at: number, dataBytes: number, handling: number): boolean {
    while (this.#bytes > 0 && this.#busyUntil <= at) {
      this.#busyUntil += this.#handling;
      this.#bytes = this.#handling = 0;
    }
    if (this.#busyUntil <= at) {
      this.#busyUntil = at + handling;
      return true;
    }
    const bytes = EVENT_BYTES + dataBytes;
    if (this.#bytes + bytes > RING_BYTES - SPARE_BYTES) return false;
    this.#bytes += bytes;
    this.#handling += handling;
    return true;
  }
}
