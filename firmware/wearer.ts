/**
 * What the wearer decides and is told: contact detection on or off, everything erased, the exposure signal.
 *
 * @module
 */
import { FLASH_FAILED, KEY_BYTES, LEVEL_HIGH, NO_CLOCK, OFF, ON } from "../protocol/messages.ts";
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
import { CONSENT, EXPOSURE, KEY_SLOTS, KEYS, STATE, type StateStore } from "./state-store.ts";

const REMINDER_SECONDS = 60;
const HOUSEKEEPING_SECONDS = 3600;

/** See the module's description. */
export interface Wearer {
  /** Makes the token do what its stored state says: at boot, and after the clock was set. */
  resume(): void;
  /** Sets state and consent bits; returns 0 or the reason for refusing. */
  setState(state: number, consent: number): number;
  /** Withdraws the consent to publish: it holds for one sync window. */
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

  function clean(): void {
    const interval = clock.interval();
    keys.expire(interval);
    log.expire(interval);
  }

  // Data ages out and the clock is kept while the token is off, too.
  function idle(): void {
    if (clock.isSet()) {
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
      scanner.start();
    } else {
      scanner.stop();
      broadcast.stop();
      idle();
    }
    remind();
  }

  return {
    resume: resume,

    setState: (state, consent) => {
      if (state === ON && !clock.isSet()) return NO_CLOCK;
      const before = store.image[STATE];
      if (!store.put(STATE, new Uint8Array([state, consent]))) return FLASH_FAILED;
      if (state !== before) resume();
      return 0;
    },

    endConsent: () => {
      if (store.image[CONSENT]) store.put(CONSENT, new Uint8Array(1));
    },

    setExposure: (status) => {
      if (!store.put(EXPOSURE, status)) return FLASH_FAILED;
      remind();
      return 0;
    },

    erase: () => {
      // State, consent and exposure, then the keys; the clock and the last interval stay.
      const erased =
        store.put(STATE, new Uint8Array([OFF, 0])) &&
        store.put(EXPOSURE, new Uint8Array(KEYS - EXPOSURE + KEY_SLOTS * KEY_BYTES)) &&
        store.renew();
      if (!erased) return FLASH_FAILED;
      keys.forget();
      resume();
      log.erase();
      return 0;
    },

    show: () => {
      if (!clock.isSet()) signals.show(SIGNAL_NEEDS_DESK);
      else if (store.image[EXPOSURE] === LEVEL_HIGH) signals.show(SIGNAL_EXPOSURE);
      else signals.show(store.image[STATE] === ON ? SIGNAL_ON : SIGNAL_OFF);
    },
  };
}
