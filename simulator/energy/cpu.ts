/**
 * How long the interpreter computes, estimated from what a board is seen to do. Espruino interprets source text, so that
 * what JavaScript does between two calls to the board costs far more than the calls themselves.
 *
 * The costs are instructions of the real interpreter (Espruino 2v29, built for 32 bits on x86), counted by callgrind for each
 * callback of the Puck.js's bundle by `simulator/energy/calibrate.ts`, and fitted to a day alone, hours in crowds of 3, 8 and 20,
 * and a merging of pages. A Cortex-M4 is taken to need one cycle for each: an estimate, which `docs/energy.md` weighs.
 *
 * @module
 */
import type { Activity, Trigger } from "../espruino/activity.ts";
import { FOREIGN_MS } from "../espruino/chip-figures.ts";

/** Both the nRF52832 and the nRF52840 run at 64 MHz. */
export const CLOCK_HERTZ = 64e6;

/** Instructions of a callback, without what it writes and encrypts; of a beacon also its part in the end of the scan. */
const CALLBACK: Readonly<Record<Trigger, number>> = {
  boot: 105e6,
  timer: 0.59e6,
  beacon: 0.5e6,
  /** Not counted by callgrind: what the chip takes, see `simulator/espruino/chip-figures.ts`. */
  foreign: (FOREIGN_MS * CLOCK_HERTZ) / 1000,
  button: 0.59e6,
  /** A frame: taken apart, opened, obeyed and answered. */
  write: 16e6,
  link: 0.59e6,
};
/** Of a call of native cryptography, with what prepares it. */
const CRYPTO = 0.33e6;
/** Of a word that is written to flash; more than a record's words at a time are copied, not composed. */
const WORD = 0.79e6;
const RECORD_WORDS = 3;
/** More writes in one callback than neighbours and time marks make: pages are merged, and other records were weighed. */
const COMMIT_WRITES = 64;
const MERGED_RECORD = 9e6;
/** Of AES in JavaScript, which calls `E.mapInPlace` for its 16 bytes some 33 times for each block. */
const AES_STEP = 0.32e6;
/** Of SHA-256 in JavaScript, which calls it once for each block of 64 bytes. */
const SHA_BLOCK = 27e6;
const SHA_BLOCK_BYTES = 64;

/** Counts instructions. */
export class CpuEstimate {
  /** So far. */
  instructions = 0;
  #writes = 0;

  /** Takes in what a board does. */
  take(activity: Activity): void {
    switch (activity.what) {
      case "script":
        this.instructions += CALLBACK[activity.trigger];
        this.#writes = 0;
        break;
      case "crypto":
        this.instructions += CRYPTO;
        break;
      case "map":
        this.instructions += activity.bytes === SHA_BLOCK_BYTES ? SHA_BLOCK : AES_STEP;
        break;
      case "flash":
        this.#writes++;
        this.instructions +=
          this.#writes > COMMIT_WRITES
            ? MERGED_RECORD
            : WORD * Math.min(RECORD_WORDS, activity.bytes / 4);
        break;
    }
  }
}
