/**
 * The token's ear: short scans at jittered times, and a commit to flash at least every five minutes.
 *
 * @module
 */
import * as board from "#board";
import type { Timer } from "./board.ts";
import { present } from "./clock.ts";
import { appendEncounter } from "./encounter-log.ts";
import { countScan, drainNeighbours, hear, MOST_NEIGHBOURS, neighbourCount } from "./neighbours.ts";

/** Two beacons of a neighbour that sends every 270 ms or more often. */
const SCAN_MILLISECONDS = 600;
/** Mean time between scans, and by how much it is varied so that tokens do not fall into step. */
const PERIOD_SECONDS = 150;
const JITTER_SECONDS = 30;
/** What is counted for a scan whose predecessor is unknown, and at most for any scan. */
const FIRST_GAP_SECONDS = 120;
const LONGEST_GAP_SECONDS = 300;
/** From the first sighting to the commit. With the scan itself this stays below five minutes. */
const COMMIT_SECONDS = 290;

let scanTimer: Timer;
let commitTimer: Timer;
let lastEnd = 0;
let batchInterval = 0;
let running = false;
let paused = false;
let scanning = false;

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

function endScan(): void {
  board.stopScan();
  scanning = false;
  const now = board.now();
  const gap = now - lastEnd;
  // A gap that is negative or huge comes from a clock that was set meanwhile.
  const known = gap > 0 && gap < 3600;
  countScan(known ? Math.min(LONGEST_GAP_SECONDS, Math.round(gap)) : FIRST_GAP_SECONDS);
  lastEnd = now;
  if (!commitTimer && neighbourCount) commitTimer = board.after(commit, COMMIT_SECONDS * 1000);
  if (neighbourCount >= MOST_NEIGHBOURS) commit();
  scanTimer = board.after(
    scan,
    randomMilliseconds(PERIOD_SECONDS - JITTER_SECONDS, 2 * JITTER_SECONDS),
  );
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
  update();
}
