/**
 * The token's own temporary exposure keys (TEK): one for each UTC day, kept 14 days. A key lies in its slot with its end,
 * the interval behind its last one; it starts with the UTC day of that last one.
 *
 * When a desk reads the keys, today's is cut short: it ends with the last interval that it was used for and goes to a slot
 * of its own, and another TEK with the same start is used from then on. That happens once, until the key that was cut
 * has expired; a later desk gets the same key again, and the key of another day once that day is over.
 *
 * @module
 */
import * as board from "#board";
import { hkdfExpand, hmacSha256 } from "../protocol/hkdf.ts";
import { INTERVALS_PER_DAY, RETENTION_INTERVALS } from "../protocol/intervals.ts";
import { AEMK_INFO, RPIK_INFO } from "../protocol/key-schedule.ts";
import { KEY_BYTES } from "../protocol/messages.ts";
import {
  bytes32,
  CUT_KEY,
  DAY_KEYS,
  get32,
  image,
  KEYS,
  lastInterval,
  put,
  renew,
} from "./state-store.ts";

/** Rolling proximity identifier key (RPIK) of the day for which {@link makeKeys} was last called. */
export let rpik: Uint8Array;
/** Associated encrypted metadata key (AEMK) of that day. */
export let aemk: Uint8Array;

/** First interval of the day of {@link rpik} and {@link aemk}; -1 when there are none. */
export let derivedFor = -1;

/** For all that is derived from a key. */
export const primitives = { sha256: board.sha256 };

/** Makes the key of the day that starts at `start`, if there is none yet, and derives from it; false when
 * flash failed. */
export function makeKeys(start: number): boolean {
  const slot = KEYS + ((start / INTERVALS_PER_DAY) % DAY_KEYS) * KEY_BYTES;
  const end = start + INTERVALS_PER_DAY;
  const former = get32(slot);
  if (former !== end) {
    const key = new Uint8Array(KEY_BYTES);
    key.set(bytes32(end));
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

/**
 * The keys that may be published at `interval`, in all slots, with zeros in the others; today's is cut short for that, and
 * then there is nothing derived from the other that follows it yet. Undefined when flash failed; then nothing has changed.
 */
export function publishableKeys(interval: number): Uint8Array | undefined {
  // Of a clock that was set back, the day in use may be tomorrow.
  const start = lastInterval - (lastInterval % INTERVALS_PER_DAY);
  const end = start + INTERVALS_PER_DAY;
  const slot = KEYS + ((start / INTERVALS_PER_DAY) % DAY_KEYS) * KEY_BYTES;
  if (end > interval && get32(slot) === end && !get32(CUT_KEY)) {
    // One change for both slots: when power fails, it has been made or it has not.
    const slots = new Uint8Array(image.subarray(slot));
    slots.set(bytes32(lastInterval + 1), CUT_KEY - slot);
    slots.set(image.subarray(slot + 4, slot + KEY_BYTES), CUT_KEY - slot + 4);
    slots.set(board.randomBytes(16), 4);
    if (!put(slot, slots)) return undefined;
    derivedFor = -1;
  }
  const found = new Uint8Array(image.subarray(KEYS));
  for (let at = 0; at < CUT_KEY - KEYS; at += KEY_BYTES) {
    if (get32(KEYS + at) > interval) found.fill(0, at, at + KEY_BYTES);
  }
  return found;
}

/** Removes keys, from flash too, that ended more than 14 days before `interval`. */
export function expireKeys(interval: number): void {
  let removed = false;
  for (let slot = KEYS; slot < image.length; slot += KEY_BYTES) {
    const end = get32(slot);
    if (end && end + RETENTION_INTERVALS <= interval) {
      removed = put(slot, new Uint8Array(KEY_BYTES)) || removed;
    }
  }
  // What flash does not let go of now goes with the next change.
  if (removed) renew();
}

/** Forgets what is derived from a key that the store no longer has. */
export function forgetKeys(): void {
  derivedFor = -1;
}
