/**
 * The token's voice: the beacon, whose RPI, AEM and address change together every 10 to 20 minutes.
 * Source: Exposure Notification Bluetooth Specification v1.2, "Advertising Behavior".
 *
 * @module
 */
import * as board from "#board";
import {
  AEM_OFFSET,
  BEACON_BYTES,
  emptyBeacon,
  METADATA_VERSION,
  RPI_OFFSET,
} from "../protocol/beacon.ts";
import { INTERVALS_PER_DAY, SECONDS_PER_INTERVAL } from "../protocol/intervals.ts";
import { paddedData } from "../protocol/key-schedule.ts";
import type { Timer } from "./board.ts";
import { aemk, derivedFor, makeKeys, rpik } from "./keys.ts";
import { lastInterval, putInterval } from "./state-store.ts";

const ADVERTISING_MILLISECONDS = 270;
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 1200;
const RETRY_MILLISECONDS = 60_000;

// Room behind the payload for the rest of a block of AES, of which four bytes are the AEM.
const frame = emptyBeacon(AEM_OFFSET + 16);
const payload = frame.subarray(0, BEACON_BYTES);
// One interpreted step sets the interval in the block that an RPI is made of.
const padded = paddedData();
const paddedWords = new Uint32Array(padded.buffer);

let timer: Timer;
/** The address that belongs to the payload; empty when there is nothing to send. */
let address = "";
/** Whether the board has taken both. */
let isTaken: boolean;
let paused: boolean;

/** At least `least` and less than `least + spread` seconds, in milliseconds. */
export function randomMilliseconds(least: number, spread: number): number {
  return least * 1000 + ((board.random32() >>> 0) % (spread * 1000));
}

function transmit(): void {
  if (paused) return;
  isTaken = false;
  if (address) isTaken = board.advertise(address, payload, ADVERTISING_MILLISECONDS, false);
  else board.silence();
}

// Each call costs the interpreter more than what it does: the common case is written out.
function rotate(): void {
  const now = board.now();
  const interval = (now / SECONDS_PER_INTERVAL) | 0;
  const start = interval - (interval % INTERVALS_PER_DAY);
  const isFree = interval > lastInterval;
  // What comes next is scheduled before anything can fail. Never a moment that the clock gives away: a change that always
  // came with an interval's beginning, or with the day's, would let a listener know the token by its clock.
  timer = board.after(
    rotate,
    isFree
      ? randomMilliseconds(SHORTEST_SECONDS, LONGEST_SECONDS - SHORTEST_SECONDS)
      : ((lastInterval + 1) * SECONDS_PER_INTERVAL - now) * 1000 +
          randomMilliseconds(0, SECONDS_PER_INTERVAL),
  );
  address = "";
  if (isFree) {
    try {
      if ((start === derivedFor || makeKeys(start)) && putInterval(interval)) {
        paddedWords[3] = interval;
        const rpi = board.aes128(rpik, padded);
        // AES-128-CTR over version, transmit power and two zeros.
        const metadata = board.aes128(aemk, rpi);
        frame.set(rpi, RPI_OFFSET);
        frame.set(metadata, AEM_OFFSET);
        frame[AEM_OFFSET] ^= METADATA_VERSION;
        if (board.TX_POWER) frame[AEM_OFFSET + 1] ^= board.TX_POWER;
        address = board.randomAddress();
      }
    } catch {
      // There was no room for a result of cryptography.
    }
    if (!address) {
      board.cancel(timer);
      timer = board.after(rotate, RETRY_MILLISECONDS);
    }
  }
  transmit();
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

/**
 * Is silent during a scan, which would lose what the radio hears while it sends; comes back after it, or tries again to,
 * but only with what is meant to be on air.
 */
export function hush(on: boolean): void {
  if (paused || !address) return;
  if (on) board.silence();
  else if (isTaken) isTaken = board.wake();
  else transmit();
}
