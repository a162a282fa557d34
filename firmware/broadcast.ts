/**
 * The token's voice: the beacon, whose RPI, AEM and address change together every 10 to 20 minutes.
 * Source: Exposure Notification Bluetooth Specification v1.2, "Advertising Behavior".
 *
 * @module
 */
import { beaconPayload, metadata } from "../protocol/beacon.ts";
import { INTERVALS_PER_DAY, intervalStart, SECONDS_PER_INTERVAL } from "../protocol/intervals.ts";
import { cryptMetadata, deriveRpi } from "../protocol/key-schedule.ts";
import type { Board, Timer } from "./board.ts";
import type { Clock } from "./clock.ts";
import type { Keys } from "./keys.ts";

const INTERVAL_MILLISECONDS = 250;
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 1200;
const DAY_SECONDS = INTERVALS_PER_DAY * SECONDS_PER_INTERVAL;
const RETRY_SECONDS = 60;

/** See the module's description. */
export interface Broadcast {
  /** Starts with a fresh identifier; `rotated` is called after each change. */
  start(rotated: () => void): void;
  /** Goes silent. */
  stop(): void;
  /**
   * Leaves the air to the sync window, while rotation goes on unheard, then comes back with the
   * identifier and address that belong together.
   */
  pause(on: boolean): void;
}

/** Makes the broadcast; it starts silent. */
export function createBroadcast(board: Board, clock: Clock, keys: Keys): Broadcast {
  let timer: Timer;
  let address: Uint8Array | undefined;
  let payload: Uint8Array | undefined;
  let paused = false;
  let afterRotation: (() => void) | undefined;

  function transmit(): void {
    if (paused) return;
    if (address && payload) board.advertise(address, payload, INTERVAL_MILLISECONDS, false);
    else board.silence();
  }

  // One rotation falls on midnight, where the key changes, and none is made too short by that.
  function lifetime(): number {
    const left = Math.ceil(DAY_SECONDS - (board.now() % DAY_SECONDS));
    if (left <= LONGEST_SECONDS) return left;
    const longest = Math.min(LONGEST_SECONDS, left - SHORTEST_SECONDS);
    return SHORTEST_SECONDS + board.randomBelow(longest - SHORTEST_SECONDS + 1);
  }

  function rotate(): void {
    const interval = clock.interval();
    const dayKeys = keys.forInterval(interval);
    let wait = RETRY_SECONDS;
    address = payload = undefined;
    if (dayKeys && clock.use(interval)) {
      const rpi = deriveRpi(board, dayKeys.rpik, interval);
      const aem = cryptMetadata(board, dayKeys.aemk, rpi, metadata(board.txPower));
      payload = beaconPayload(rpi, aem);
      address = board.randomBytes(6);
      wait = lifetime();
    } else if (interval <= clock.lastUsed()) {
      wait = intervalStart(clock.lastUsed() + 1) - board.now();
    }
    transmit();
    // A little late rather than early: a rotation before its interval begins would be wasted.
    timer = board.after(wait * 1000 + 20, rotate);
    if (afterRotation) afterRotation();
  }

  return {
    start: (rotated) => {
      board.cancel(timer);
      afterRotation = rotated;
      rotate();
    },
    stop: () => {
      board.cancel(timer);
      timer = address = payload = undefined;
      transmit();
    },
    pause: (on) => {
      paused = on;
      transmit();
    },
  };
}
