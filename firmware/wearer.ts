/**
 * What the wearer decides and is told: contact detection on or off, everything erased, the exposure signal.
 *
 * @module
 */

import { INTERVALS_PER_DAY, RETENTION_INTERVALS } from "../protocol/intervals.ts";
import { EXPOSURE_BYTES, FLASH_FAILED, LEVEL_HIGH, NO_CLOCK, ON } from "../protocol/messages.ts";
import type { Board, Timer } from "./board.ts";
import type { Broadcast } from "./broadcast.ts";
import type { Clock } from "./clock.ts";
import type { EncounterLog } from "./encounter-log.ts";
import type { Keys } from "./keys.ts";
import type { Scanner } from "./scanner.ts";
import {
  SIGNAL_EXPOSURE,
  SIGNAL_NEEDS_DESK,
  SIGNAL_OFF,
  SIGNAL_ON,
  type Signals,
} from "./signals.ts";
import { EPOCH, EXPOSURE, STATE, type StateStore } from "./state-store.ts";

const REMINDER_SECONDS = 60;
const HOUSEKEEPING_SECONDS = 3600;

/** See the module's description. */
export interface Wearer {
  /** Makes the token do what its stored state says: at boot, and after the clock was set. */
  resume(): void;
  /** Sets state and consent bits; returns 0 or the reason for refusing. */
  setState(state: number, consent: number): number;
  /** The consent bits. They live in RAM alone: they hold for one sync window. */
  consent(): number;
  /** Withdraws all consent, when the sync window closes. */
  endConsent(): void;
  /** Takes a new exposure status (see EXPOSURE_BYTES); returns 0 or the reason for refusing. */
  setExposure(status: Uint8Array): number;
  /** Erases keys, log and status and switches off; returns 0 or the reason for refusing. */
  erase(): number;
  /** Shows the state. */
  show(): void;
}

/** Makes the wearer's side of a token. */
export function createWearer(
  board: Board,
  store: StateStore,
  clock: Clock,
  keys: Keys,
  log: EncounterLog,
  broadcast: Broadcast,
  scanner: Scanner,
  signals: Signals,
): Wearer {
  let reminder: Timer;
  let housekeeping: Timer;
  let consent = 0;

  function clean(): void {
    const interval = clock.interval();
    keys.expire(interval);
    log.expire(interval);
    const exposed = store.image[EXPOSURE + 1] | (store.image[EXPOSURE + 2] << 8);
    if (exposed && (exposed + 1) * INTERVALS_PER_DAY + RETENTION_INTERVALS <= interval) {
      store.put(EXPOSURE, new Uint8Array(EXPOSURE_BYTES));
      store.renew();
    }
  }

  // Data ages out and the clock is kept while the token is off, too.
  function idle(): void {
    if (clock.lastUsed()) {
      clean();
      // One less than now, so that a token that is switched on need not wait for the next interval.
      clock.use(clock.interval() - 1);
    }
    housekeeping = board.after(HOUSEKEEPING_SECONDS * 1000, idle);
  }

  function remind(): void {
    board.cancel(reminder);
    reminder = undefined;
    if (store.image[EXPOSURE] === LEVEL_HIGH) {
      signals.show(SIGNAL_EXPOSURE);
      reminder = board.after(REMINDER_SECONDS * 1000, remind);
    }
  }

  function resume(): void {
    board.cancel(housekeeping);
    housekeeping = undefined;
    if (store.image[STATE] === ON) {
      broadcast.start(clean);
      scanner.run(true);
    } else {
      scanner.run(false);
      broadcast.stop();
      idle();
    }
    remind();
  }

  return {
    resume: resume,

    setState: (state, given) => {
      if (state === ON && !clock.lastUsed()) return NO_CLOCK;
      if (state !== store.image[STATE]) {
        if (!store.put(STATE, new Uint8Array([state]))) return FLASH_FAILED;
        resume();
      }
      consent = given;
      return 0;
    },

    consent: () => consent,

    endConsent: () => {
      consent = 0;
    },

    setExposure: (status) => {
      if (!store.put(EXPOSURE, status)) return FLASH_FAILED;
      remind();
      return 0;
    },

    erase: () => {
      // All of the state but the epoch, which keeps what is logged later apart from what was logged
      // before. Without keys the intervals may start anew, and so a wrong clock is forgotten, too.
      const blank = new Uint8Array(store.image.length);
      blank[EPOCH] = store.image[EPOCH];
      if (!store.put(0, blank) || !store.renew()) return FLASH_FAILED;
      keys.forget();
      consent = 0;
      resume();
      return log.erase() ? 0 : FLASH_FAILED;
    },

    show: () => {
      if (!clock.lastUsed()) signals.show(SIGNAL_NEEDS_DESK);
      else if (store.image[EXPOSURE] === LEVEL_HIGH) signals.show(SIGNAL_EXPOSURE);
      else signals.show(store.image[STATE] === ON ? SIGNAL_ON : SIGNAL_OFF);
    },
  };
}
