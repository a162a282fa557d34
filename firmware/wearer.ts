/**
 * What the wearer decides and is told: contact detection on, paused or off, everything erased, the signals.
 *
 * @module
 */
import * as board from "#board";
import { INTERVALS_PER_DAY, RETENTION_INTERVALS } from "../protocol/intervals.ts";
import {
  EXPOSURE_BYTES,
  FLASH_FAILED,
  LEVEL_HIGH,
  NO_CLOCK,
  OFF,
  ON,
  PAUSED,
  ZONE_OFFSET,
} from "../protocol/messages.ts";
import {
  SIGNAL_EXPOSURE,
  SIGNAL_LOW_BATTERY,
  SIGNAL_NEEDS_DESK,
  SIGNAL_ON,
  SIGNAL_PAUSED,
  type Signal,
} from "../protocol/signals.ts";
import type { Timer } from "./board.ts";
import { runBroadcast } from "./broadcast.ts";
import { isDoubtful, present, use } from "./clock.ts";
import { eraseLog, expireLog, pages as logPages } from "./encounter-log.ts";
import { expireKeys, forgetKeys } from "./keys.ts";
import { forgetNeighbours } from "./neighbours.ts";
import { tidy } from "./pages.ts";
import { runScanner } from "./scanner.ts";
import { SCREEN_EXPOSURE, SCREEN_LOW_BATTERY, SCREEN_NEEDS_DESK, SCREEN_SYNC } from "./screen.ts";
import { isWindowOpen, show, showing } from "./signals.ts";
import {
  DOUBTFUL,
  EPOCH,
  EXPOSURE,
  image,
  lastInterval,
  put,
  renew,
  STATE,
  statePage,
  ZONE,
} from "./state-store.ts";

/** Gentle: the wearer was told at the desk, or presses the button to see what it is. */
const TICKS_PER_REMINDER = 2;
/** So often the watchdog hears that the token is alive. */
const TICK_SECONDS = 300;
const TICKS_PER_HOUR = 12;
/** Reminders keep quiet from 22 to 7 o'clock. */
const FIRST_HOUR = 7;
const LAST_HOUR = 22;
const ZONES_PER_HOUR = 4;
const HOUR_SECONDS = 3600;
const HOURS_PER_DAY = 24;

let timer: Timer;
let ticks = 0;
/** The consent bits. They live in RAM alone: they hold for one sync window. */
export let consent = 0;

/** Withdraws all consent, when the sync window closes. */
export function endConsent(): void {
  consent = 0;
}

/** The battery in percent, when it was last measured. */
export let battery = 100;

// Data ages out and the clock is kept while the token is off, too.
function clean(): void {
  battery = board.battery();
  tidy(logPages.concat(statePage));
  if (!lastInterval) return;
  const interval = present();
  expireKeys(interval);
  expireLog(interval);
  const exposed = image[EXPOSURE + 1] | (image[EXPOSURE + 2] << 8);
  if (exposed && (exposed + 1) * INTERVALS_PER_DAY + RETENTION_INTERVALS <= interval) {
    put(EXPOSURE, new Uint8Array(EXPOSURE_BYTES));
    renew();
  }
  // One less than now, so that a token that is switched on need not wait for the next interval.
  if (image[STATE] !== ON) use(interval - 1);
}

// What the wearer should know before all else; undefined when all is well.
function concern(reminding: boolean): Signal | undefined {
  if (image[EXPOSURE] === LEVEL_HIGH && !(reminding && image[EXPOSURE + EXPOSURE_BYTES - 1])) {
    return SIGNAL_EXPOSURE;
  }
  if (isDoubtful()) return SIGNAL_NEEDS_DESK;
  return battery <= board.LOW_BATTERY ? SIGNAL_LOW_BATTERY : undefined;
}

/** Shows on the screen, where there is one, what the wearer should know now before all else, or the state. */
export function showScreen(): void {
  // No function is called for the number: the build leaves all this out where there is no screen.
  board.screen(
    isWindowOpen
      ? SCREEN_SYNC
      : image[EXPOSURE] === LEVEL_HIGH
        ? SCREEN_EXPOSURE
        : !lastInterval || image[DOUBTFUL]
          ? SCREEN_NEEDS_DESK
          : battery <= board.LOW_BATTERY
            ? SCREEN_LOW_BATTERY
            : image[STATE],
    image[ZONE] - ZONE_OFFSET,
  );
}

function tick(): void {
  timer = board.after(tick, TICK_SECONDS * 1000);
  board.keepAlive();
  // Should the radio have failed to be silent.
  if (image[STATE] !== ON) runBroadcast(false);
  if (ticks % TICKS_PER_HOUR === 0) clean();
  if (ticks++ % TICKS_PER_REMINDER) return;
  showScreen();
  const hour =
    (board.now() / HOUR_SECONDS + (image[ZONE] - ZONE_OFFSET) / ZONES_PER_HOUR) % HOURS_PER_DAY;
  const isDay = hour >= FIRST_HOUR && hour < LAST_HOUR;
  const signal = image[STATE] !== OFF && isDay ? concern(true) : undefined;
  // What the wearer has just asked for comes first.
  if (signal !== undefined && !showing) show(signal);
}

/** Makes the token do what its stored state says: at boot, and after that was changed. */
export function resume(): void {
  board.cancel(timer);
  // This first: whatever may fail in it, a clean-up comes with the next tick.
  ticks = 0;
  timer = board.after(tick, 0);
  runBroadcast(image[STATE] === ON);
  runScanner(image[STATE] === ON);
}

/** The same, from a timer: within a desk's request there is no stack left for it. What was on air until now is gone at once. */
export function resumeSoon(): void {
  runBroadcast(false);
  board.after(resume, 0);
}

/** Shows what the wearer should know before all else, or else the state. */
export function showState(): void {
  show(concern(false) || (image[STATE] === ON ? SIGNAL_ON : SIGNAL_PAUSED));
}

/** Sets state and consent bits; returns 0 or the reason for refusing. */
export function setState(state: number, given: number): number {
  if (state !== OFF && !lastInterval) return NO_CLOCK;
  if (state !== image[STATE]) {
    if (!put(STATE, new Uint8Array([state]))) return FLASH_FAILED;
    resumeSoon();
  }
  consent = given;
  return 0;
}

/** Pauses or resumes, unless the wearer has not consented at all. */
export function togglePause(): void {
  if (image[STATE] !== OFF) setState(image[STATE] === ON ? PAUSED : ON, 0);
  show(image[STATE] === ON ? SIGNAL_ON : SIGNAL_PAUSED);
}

/** Takes a new exposure status (see EXPOSURE_BYTES); returns 0 or the reason for refusing. */
export function setExposure(status: Uint8Array): number {
  if (!put(EXPOSURE, status)) return FLASH_FAILED;
  const signal = concern(true);
  if (signal === SIGNAL_EXPOSURE) show(signal);
  return 0;
}

/** Erases keys, log and status and switches off; returns 0 or the reason for refusing. */
export function erase(): number {
  // All of the state but the epoch, which keeps what is logged later apart from what was logged
  // before. Without keys the intervals may start anew, and so a wrong clock is forgotten, too.
  const blank = new Uint8Array(image.length);
  blank[EPOCH] = image[EPOCH];
  if (!put(0, blank)) return FLASH_FAILED;
  // From here on the token is off, even if flash does not let go of everything.
  const isGone = renew();
  forgetKeys();
  forgetNeighbours();
  consent = 0;
  resumeSoon();
  return eraseLog() && isGone ? 0 : FLASH_FAILED;
}
