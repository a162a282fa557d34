/**
 * The token's own temporary exposure keys (TEK): one for each UTC day, kept 14 days.
 *
 * @module
 */
import {
  dayStart,
  INTERVALS_PER_DAY,
  REPLAY_INTERVALS,
  RETENTION_INTERVALS,
} from "../protocol/intervals.ts";
import { AEMK_INFO, hkdf16, RPIK_INFO } from "../protocol/key-schedule.ts";
import { KEY_BYTES } from "../protocol/messages.ts";
import type { Board } from "./board.ts";
import { KEY_SLOTS, KEYS, type StateStore } from "./state-store.ts";

/** The keys that a beacon is made with. */
export interface DayKeys {
  readonly rpik: Uint8Array;
  readonly aemk: Uint8Array;
}

/** See the module's description. */
export interface Keys {
  /** The keys of the day of `interval`, made if there are none yet; undefined when flash failed. */
  forInterval(interval: number): DayKeys | undefined;
  /** All keys that may be published at `interval`, each start (uint32) and TEK. */
  publishable(interval: number): Uint8Array;
  /** Removes keys, from flash too, that ended more than 14 days before `interval`. */
  expire(interval: number): void;
  /** Forgets what is derived from a key that the store no longer has. */
  forget(): void;
}

/** Opens the keys of a state store. */
export function openKeys(board: Board, store: StateStore): Keys {
  let derivedFor = -1;
  let expiredFor = -1;
  let derived: DayKeys | undefined;

  function slotOf(start: number): number {
    return KEYS + ((start / INTERVALS_PER_DAY) % KEY_SLOTS) * KEY_BYTES;
  }

  return {
    forInterval: (interval) => {
      const start = dayStart(interval);
      if (start !== derivedFor) {
        const slot = slotOf(start);
        const former = store.get32(slot);
        if (former !== start) {
          const key = new Uint8Array(KEY_BYTES);
          key.set([start, start >>> 8, start >>> 16, start >>> 24]);
          key.set(board.randomBytes(16), 4);
          if (!store.put(slot, key)) return undefined;
          // The key of 15 days ago has lost its slot; now it must leave the flash page as well.
          if (former) store.renew();
        }
        const tek = store.image.subarray(slot + 4, slot + KEY_BYTES);
        derived = { rpik: hkdf16(board, tek, RPIK_INFO), aemk: hkdf16(board, tek, AEMK_INFO) };
        derivedFor = start;
      }
      return derived;
    },

    publishable: (interval) => {
      const found = new Uint8Array(KEY_SLOTS * KEY_BYTES);
      let length = 0;
      for (let slot = KEYS; slot < store.image.length; slot += KEY_BYTES) {
        const start = store.get32(slot);
        if (start && start + INTERVALS_PER_DAY + REPLAY_INTERVALS <= interval) {
          found.set(store.image.subarray(slot, slot + KEY_BYTES), length);
          length += KEY_BYTES;
        }
      }
      return found.subarray(0, length);
    },

    expire: (interval) => {
      // Keys end with their day, so there is nothing to do more than once a day.
      const today = dayStart(interval);
      if (today === expiredFor) return;
      expiredFor = today;
      let removed = false;
      for (let slot = KEYS; slot < store.image.length; slot += KEY_BYTES) {
        const start = store.get32(slot);
        if (start && start + INTERVALS_PER_DAY + RETENTION_INTERVALS <= interval) {
          removed = store.put(slot, new Uint8Array(KEY_BYTES)) || removed;
        }
      }
      // What flash has not let go of is tried again.
      if (removed && !store.renew()) expiredFor = -1;
    },

    forget: () => {
      derivedFor = -1;
      derived = undefined;
    },
  };
}
