/**
 * The token's own temporary exposure keys (TEK): one for each UTC day, kept 14 days.
 *
 * @module
 */
import * as board from "#board";
import { hkdfExpand, hmacSha256 } from "../protocol/hkdf.ts";
import {
  dayStart,
  INTERVALS_PER_DAY,
  REPLAY_INTERVALS,
  RETENTION_INTERVALS,
} from "../protocol/intervals.ts";
import { AEMK_INFO, RPIK_INFO } from "../protocol/key-schedule.ts";
import { KEY_BYTES } from "../protocol/messages.ts";
import { bytes32, get32, image, KEY_SLOTS, KEYS, put, renew } from "./state-store.ts";

/** Rolling proximity identifier key (RPIK) of the day for which {@link makeKeys} was last called. */
export let rpik: Uint8Array;
/** Associated encrypted metadata key (AEMK) of that day. */
export let aemk: Uint8Array;

/** First interval of the day of {@link rpik} and {@link aemk}; -1 when there are none. */
export let derivedFor = -1;

/** For all that is derived from a key. */
export const primitives = { sha256: board.sha256 };
let expiredFor = -1;

/** Makes the key of the day that starts at `start`, if there is none yet, and derives from it; false when
 * flash failed. */
export function makeKeys(start: number): boolean {
  const slot = KEYS + ((start / INTERVALS_PER_DAY) % KEY_SLOTS) * KEY_BYTES;
  const former = get32(slot);
  if (former !== start) {
    const key = new Uint8Array(KEY_BYTES);
    key.set(bytes32(start));
    key.set(board.randomBytes(16), 4);
    if (!put(slot, key)) return false;
    // The key of 15 days ago has lost its slot; now it must leave the flash page as well.
    if (former) renew();
  }
  // Both keys of the TEK come of one extraction.
  const tek = image.subarray(slot + 4, slot + KEY_BYTES);
  const extracted = hmacSha256(primitives, new Uint8Array(0), tek);
  rpik = hkdfExpand(primitives, extracted, RPIK_INFO).subarray(0, 16);
  aemk = hkdfExpand(primitives, extracted, AEMK_INFO).subarray(0, 16);
  derivedFor = start;
  return true;
}

/** All keys that may be published at `interval`, each start (uint32) and TEK. */
export function publishableKeys(interval: number): Uint8Array {
  const found = new Uint8Array(KEY_SLOTS * KEY_BYTES);
  let length = 0;
  for (let slot = KEYS; slot < KEYS + found.length; slot += KEY_BYTES) {
    const start = get32(slot);
    if (start && start + INTERVALS_PER_DAY + REPLAY_INTERVALS <= interval) {
      found.set(image.subarray(slot, slot + KEY_BYTES), length);
      length += KEY_BYTES;
    }
  }
  return found.subarray(0, length);
}

/** Removes keys, from flash too, that ended more than 14 days before `interval`. */
export function expireKeys(interval: number): void {
  // Keys end with their day, so there is nothing to do more than once a day.
  const today = dayStart(interval);
  if (today === expiredFor) return;
  expiredFor = today;
  let removed = false;
  for (let slot = KEYS; slot < KEYS + KEY_SLOTS * KEY_BYTES; slot += KEY_BYTES) {
    const start = get32(slot);
    if (start && start + INTERVALS_PER_DAY + RETENTION_INTERVALS <= interval) {
      removed = put(slot, new Uint8Array(KEY_BYTES)) || removed;
    }
  }
  // What flash has not let go of is tried again.
  if (removed && !renew()) expiredFor = -1;
}

/** Forgets what is derived from a key that the store no longer has. */
export function forgetKeys(): void {
  derivedFor = -1;
}
