/**
 * The token's ear: short scans at jittered times, closer together when somebody comes near, and a commit to flash at least every five minutes.
 *
 * @module
 */
import * as board from "#board";
import type { Timer } from "./board.ts";
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
  JITTER_SECONDS,
  LONE_SCANS,
  LONE_SECONDS,
  NEAR_RSSI,
  PERIOD_SECONDS,
  QUICK_SCANS,
  QUICK_SECONDS,
  SCAN_MILLISECONDS,
} from "./scan-plan.ts";

/** Longer gaps between scans than any pause come from a clock that was set meanwhile. */
const LONGEST_GAP_SECONDS = 900;
/** From the first sighting to the commit. With the scan itself this stays below five minutes. */
const COMMIT_SECONDS = 290;

let scanTimer: Timer;
let commitTimer: Timer;
let lastEnd = 0;
let batchInterval = 0;
let running = false;
let paused = false;
let scanning = false;
/** Quick scans that were spent. */
let company = 0;
/** Scans in a row with nobody near. */
let lone = 0;

// At least `least` and less than `least + spread` seconds.
function randomMilliseconds(least: number, spread: number): number {
  return least * 1000 + ((board.random32() >>> 0) % (spread * 1000));
}

function commit(): void {
  board.cancel(commitTimer);
  commitTimer = undefined;
  drainNeighbours((identifier, minutes, mean, best) => {
    appendEncounter(batchInterval, identifier, minutes, mean, best);
  });
}

// Draws the time until the next scan, in milliseconds.
function drawPause(): number {
  let mean = PERIOD_SECONDS;
  if (strongest >= NEAR_RSSI + RSSI_OFFSET) {
    if (LONE_SCANS) lone = 0;
    if (company < QUICK_SCANS) {
      company++;
      mean = QUICK_SECONDS;
    }
  } else {
    if (company) company--;
    if (LONE_SCANS && ++lone > LONE_SCANS) mean = LONE_SECONDS;
  }
  return randomMilliseconds(mean - JITTER_SECONDS, 2 * JITTER_SECONDS);
}

function endScan(): void {
  board.stopScan();
  scanning = false;
  const now = board.now();
  const pause = drawPause();
  const after = pause / 1000;
  const gap = now - lastEnd;
  // Whoever was heard was near for half of the time since the last scan, and will be for half of the time until the next.
  countScan(Math.round(((gap > 0 && gap < LONGEST_GAP_SECONDS ? gap : after) + after) / 2));
  lastEnd = now;
  if (!commitTimer && neighbourCount) commitTimer = board.after(commit, COMMIT_SECONDS * 1000);
  if (neighbourCount >= MOST_NEIGHBOURS) commit();
  scanTimer = board.after(scan, pause);
}

function scan(): void {
  scanning = true;
  if (!neighbourCount) batchInterval = present();
  board.startScan(hear);
  scanTimer = board.after(endScan, SCAN_MILLISECONDS);
}

function update(): void {
  board.cancel(scanTimer);
  scanTimer = undefined;
  if (scanning) board.stopScan();
  scanning = false;
  commit();
  if (running && !paused) {
    scanTimer = board.after(scan, randomMilliseconds(1, PERIOD_SECONDS));
  }
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
