/**
 * The token's voice: the beacon, whose RPI, AEM and address change together every 10 to 20 minutes.
 * Source: Exposure Notification Bluetooth Specification v1.2, "Advertising Behavior".
 *
 * @module
 */
import * as board from "#board";
import { AEM_OFFSET, emptyBeacon, METADATA_VERSION, RPI_OFFSET } from "../protocol/beacon.ts";
import { INTERVALS_PER_DAY, intervalStart, SECONDS_PER_INTERVAL } from "../protocol/intervals.ts";
import { paddedData } from "../protocol/key-schedule.ts";
import { type AdvertisingOptions, NO_ROOM, type Timer } from "./board.ts";
import { aemk, derivedFor, makeKeys, rpik } from "./keys.ts";
import { lastInterval, putInterval } from "./state-store.ts";

const OPTIONS: AdvertisingOptions = { interval: 270, connectable: false, scannable: false };
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 1200;
const DAY_SECONDS = INTERVALS_PER_DAY * SECONDS_PER_INTERVAL;
const RETRY_MILLISECONDS = 60_000;
/** A little late rather than early: a rotation before its interval begins would be wasted. */
const LATE_MILLISECONDS = 20;

// Room behind the payload for the rest of a block of AES, of which four bytes are the AEM.
const frame = emptyBeacon(AEM_OFFSET + 16);
const payload = frame.subarray(0, AEM_OFFSET + 4);
// One interpreted step sets the interval in the block that an RPI is made of.
const padded = paddedData();
const paddedWords = new Uint32Array(padded.buffer);

let timer: Timer;
let address = "";
let paused = false;

function transmit(): void {
  if (paused) return;
  if (address) board.advertise(address, payload, OPTIONS);
  else board.silence();
}

// Each call costs the interpreter more than what it does: the common case is written out.
function rotate(): void {
  const now = board.now();
  const interval = (now / SECONDS_PER_INTERVAL) | 0;
  const start = interval - (interval % INTERVALS_PER_DAY);
  let wait = RETRY_MILLISECONDS;
  try {
    if (
      interval > lastInterval &&
      (start === derivedFor || makeKeys(start)) &&
      putInterval(interval)
    ) {
      paddedWords[3] = interval;
      const rpi = board.aes128(rpik, padded);
      // AES-128-CTR over version, transmit power and two zeros.
      const metadata = board.aes128(aemk, rpi);
      frame.set(rpi, RPI_OFFSET);
      frame.set(metadata, AEM_OFFSET);
      frame[AEM_OFFSET] ^= METADATA_VERSION;
      if (board.TX_POWER) frame[AEM_OFFSET + 1] ^= board.TX_POWER;
      address = board.randomAddress();
      if (!paused) board.advertise(address, payload, OPTIONS);
      // Every 10 to 20 minutes, and at midnight, where the key changes; none is made too short by that.
      const left = DAY_SECONDS - (now % DAY_SECONDS);
      wait =
        left > SHORTEST_SECONDS + LONGEST_SECONDS
          ? SHORTEST_SECONDS * 1000 +
            ((board.random32() >>> 0) % ((LONGEST_SECONDS - SHORTEST_SECONDS) * 1000))
          : (left > LONGEST_SECONDS ? left / 2 : left) * 1000 + LATE_MILLISECONDS;
    } else {
      if (interval <= lastInterval) {
        wait = (intervalStart(lastInterval + 1) - now) * 1000 + LATE_MILLISECONDS;
      }
      address = "";
      transmit();
    }
  } catch (error) {
    // Then what is on air stays until the next try.
    if ((error as Error).message !== NO_ROOM) throw error;
  }
  timer = board.after(rotate, wait);
}

/** Starts with a fresh identifier, never to come back to the one before; or goes silent. */
export function runBroadcast(on: boolean): void {
  board.cancel(timer);
  timer = undefined;
  address = "";
  if (on) rotate();
  else transmit();
}

/**
 * Leaves the air to the sync window, while rotation goes on unheard, then comes back with the
 * identifier and address that belong together.
 */
export function pauseBroadcast(on: boolean): void {
  paused = on;
  transmit();
}
