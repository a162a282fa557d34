/**
 * The token's ear: short scans at jittered times, more of them among others than alone, and a commit to flash at least
 * every five minutes.
 *
 * @module
 */
import * as board from "#board";
import type { Timer } from "./board.ts";
import { hush, randomMilliseconds } from "./broadcast.ts";
import { present } from "./clock.ts";
import { appendEncounter } from "./encounter-log.ts";
import {
  countScan,
  drainNeighbours,
  hear,
  MOST_NEIGHBOURS,
  neighbourCount,
  RSSI_OFFSET,
  strongest,
} from "./neighbours.ts";
import {
  ALONE_SCANS,
  ALONE_SECONDS,
  JITTER_SECONDS,
  NEAR_RSSI,
  SAVINGS_SHIFT,
  SCAN_MILLISECONDS,
  SHORTEST_SECONDS,
  SUSTAINED_SECONDS,
} from "./scan-plan.ts";

/** More than any time between scans: longer gaps come from a clock that was set meanwhile. */
const LONGEST_GAP_SECONDS = ALONE_SECONDS + SUSTAINED_SECONDS;
/** From the first sighting to the commit. With the scan itself this stays below five minutes. */
const COMMIT_SECONDS = 290;

let scanTimer: Timer;
let commitTimer: Timer;
let lastEnd = 0;
let batchInterval = 0;
// Undefined until they are set, which takes less of flash.
let running: boolean;
let paused: boolean;
let scanning: boolean;
/** Scans in a row with nobody near. */
let scansAlone = 0;
/** Seconds by which the times between all scans so far were longer than the sustained one; never below 0. */
let savings = 0;

function commit(): void {
  board.cancel(commitTimer);
  commitTimer = undefined;
  drainNeighbours(batchInterval, appendEncounter);
}

// Draws the time until the next scan, in milliseconds.
function drawPause(): number {
  if (strongest < NEAR_RSSI + RSSI_OFFSET) scansAlone++;
  else scansAlone = 0;
  const mean =
    scansAlone < ALONE_SCANS
      ? Math.max(SHORTEST_SECONDS, SUSTAINED_SECONDS - (savings >> SAVINGS_SHIFT))
      : ALONE_SECONDS;
  savings += mean - SUSTAINED_SECONDS;
  return randomMilliseconds(mean - JITTER_SECONDS, 2 * JITTER_SECONDS);
}

function count(): void {
  const pause = drawPause();
  // First of all, so that nothing that fails below ends the listening.
  scanTimer = board.after(scan, pause);
  const now = board.now();
  const after = pause / 1000;
  const gap = now - lastEnd;
  // Whoever was heard was near for half of the time since the last scan, and will be for half of the time until the next.
  countScan(Math.round(((gap > 0 && gap < LONGEST_GAP_SECONDS ? gap : after) + after) / 2));
  lastEnd = now;
  const isFull = neighbourCount >= MOST_NEIGHBOURS;
  if (isFull || (neighbourCount && !commitTimer)) {
    board.cancel(commitTimer);
    // From a timer, because merging pages needs much of the stack.
    commitTimer = board.after(commit, isFull ? 0 : COMMIT_SECONDS * 1000);
  }
}

function endScan(): void {
  // What the radio has received until here may still be waiting, and comes before that.
  scanTimer = board.after(count, 0);
  board.stopScan();
  scanning = false;
  hush(false);
}

function scan(): void {
  scanTimer = board.after(endScan, SCAN_MILLISECONDS);
  scanning = true;
  if (!neighbourCount) batchInterval = present();
  hush(true);
  board.startScan(hear);
}

function update(): void {
  board.cancel(scanTimer);
  scanTimer =
    running && !paused ? board.after(scan, randomMilliseconds(1, SUSTAINED_SECONDS)) : undefined;
  if (scanning) board.stopScan();
  scanning = false;
  commit();
  // What a scan has heard that was cut short is not the next one's.
  countScan(0);
}

/** Starts scanning, or commits what was heard and stops. */
export function runScanner(on: boolean): void {
  running = on;
  lastEnd = 0;
  update();
}

/** Commits and stops listening while the sync window has the radio, then goes on. */
export function pauseScanner(on: boolean): void {
  paused = on;
  lastEnd = 0;
  update();
}
