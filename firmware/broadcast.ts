/**
 * The token's voice: the beacon, whose RPI, AEM and address change together every 10 to 20 minutes.
 * Source: Exposure Notification Bluetooth Specification v1.2, "Advertising Behavior".
 *
 * @module
 */
import * as board from "#board";
import { AEM_OFFSET, emptyBeacon, METADATA_VERSION, RPI_OFFSET } from "../protocol/beacon.ts";
import {
  INTERVALS_PER_DAY,
  intervalAt,
  intervalStart,
  SECONDS_PER_INTERVAL,
} from "../protocol/intervals.ts";
import { paddedData } from "../protocol/key-schedule.ts";
import type { Timer } from "./board.ts";
import { lastUsed, use } from "./clock.ts";
import { aemk, makeKeys, rpik } from "./keys.ts";

const INTERVAL_MILLISECONDS = 250;
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 1200;
const DAY_SECONDS = INTERVALS_PER_DAY * SECONDS_PER_INTERVAL;
const RETRY_SECONDS = 60;

const payload = emptyBeacon();
// One interpreted step sets the interval in the block that an RPI is made of.
const padded = paddedData();
const paddedWords = new Uint32Array(padded.buffer);

let timer: Timer;
let address = "";
let paused = false;

function transmit(): void {
  if (paused) return;
  if (address) board.advertise(address, payload, INTERVAL_MILLISECONDS, false);
  else board.silence();
}

// Every 10 to 20 minutes, and at midnight, where the key changes; none is made too short by that.
function lifetime(now: number): number {
  const left = DAY_SECONDS - (now % DAY_SECONDS);
  if (left <= LONGEST_SECONDS) return left;
  if (left < SHORTEST_SECONDS + LONGEST_SECONDS) return left / 2;
  return SHORTEST_SECONDS + board.randomBelow(LONGEST_SECONDS - SHORTEST_SECONDS + 1);
}

function rotate(): void {
  const now = board.now();
  const interval = intervalAt(now);
  let wait = RETRY_SECONDS;
  address = "";
  if (makeKeys(interval) && use(interval)) {
    paddedWords[3] = interval;
    const rpi = board.aes128(rpik, padded);
    payload.set(rpi, RPI_OFFSET);
    // AES-128-CTR over version, transmit power and two zeros.
    payload.set(board.aes128(aemk, rpi).subarray(0, 4), AEM_OFFSET);
    payload[AEM_OFFSET] ^= METADATA_VERSION;
    if (board.TX_POWER) payload[AEM_OFFSET + 1] ^= board.TX_POWER;
    address = board.randomAddress();
    wait = lifetime(now);
  } else if (interval <= lastUsed()) {
    wait = intervalStart(lastUsed() + 1) - now;
  }
  transmit();
  // A little late rather than early: a rotation before its interval begins would be wasted.
  timer = board.after(wait * 1000 + 20, rotate);
}

/** Starts with a fresh identifier. */
export function startBroadcast(): void {
  board.cancel(timer);
  rotate();
}

/** Goes silent. */
export function stopBroadcast(): void {
  board.cancel(timer);
  timer = undefined;
  address = "";
  transmit();
}

/**
 * Leaves the air to the sync window, while rotation goes on unheard, then comes back with the
 * identifier and address that belong together.
 */
export function pauseBroadcast(on: boolean): void {
  paused = on;
  transmit();
}
