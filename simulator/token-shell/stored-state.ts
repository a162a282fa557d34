/**
 * Reads a state page: the token's image of what must survive, and the changes behind it. The layout is that of
 * `firmware/state-store.ts`; what the image begins with is laid out in `protocol/messages.ts`, since a status copies it.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import type { TokenKey, TokenState } from "../../companion/token/token-client.ts";
import { readUint32 } from "../../protocol/encounter-record.ts";
import { PAGE_BYTES } from "../../protocol/flash-layout.ts";
import { dayStart } from "../../protocol/intervals.ts";
import {
  decode,
  EPOCHS_BYTES,
  KEY_BYTES,
  KEYS_BYTES,
  restOf,
  STATUS_HEAD_LAYOUT,
  STATUS_LAYOUT,
  ZONE_OFFSET,
} from "../../protocol/messages.ts";

const LAYOUT = STATUS_LAYOUT.slice(STATUS_HEAD_LAYOUT.length);
const EPOCHS_AT = [...LAYOUT.replace("*", "")].reduce((sum, size) => sum + Number(size), 0);
/** Keys begin with a word. */
const KEYS_AT = (EPOCHS_AT + EPOCHS_BYTES + 3) & ~3;
const IMAGE_BYTES = KEYS_AT + KEYS_BYTES;
const CHANGES_AT = 4 + IMAGE_BYTES + 4;
const STATES: readonly TokenState[] = ["off", "on", "paused"];
const LEVELS = ["none", "low", "high"] as const;

/** What is stored. */
export interface StoredState {
  /** Last interval used or known; 0 when the clock was never set. */
  readonly lastInterval: number;
  readonly state: TokenState;
  readonly epoch: number;
  /** Whether the clock had to be guessed after a power loss. */
  readonly isGuessed: boolean;
  /** Quarters of an hour ahead of UTC. */
  readonly zone: number;
  readonly exposure: {
    readonly level: "none" | "low" | "high";
    /** UTC day in days since 1970. */
    readonly day: number;
    readonly minutes: number;
    readonly acknowledged: boolean;
  };
  /** Its own keys; the one that was cut short, if any, comes last. */
  readonly keys: readonly TokenKey[];
  /** Changes behind the image: patches, and intervals marked as used. */
  readonly patches: number;
  readonly intervals: number;
  /** Bytes of the page that are written, and whether the last of them are a change that was cut short. */
  readonly used: number;
  readonly isTorn: boolean;
}

/** Reads a page of {@link PAGE_BYTES}; undefined when its image is not whole. */
export function readStatePage(page: Uint8Array): StoredState | undefined {
  const whole = checked(page, 4, IMAGE_BYTES);
  if (!whole) return undefined;
  const image = new Uint8Array(whole);
  let lastInterval = readUint32(image, 0);
  let patches = 0;
  let intervals = 0;
  let isTorn = false;
  let at = CHANGES_AT;
  while (at + 4 <= PAGE_BYTES) {
    const header = readUint32(page, at);
    if (header === 0xffffffff) break;
    const low = header & 0xffff;
    const high = header >>> 16;
    if (high === (low ^ 0xffff)) {
      lastInterval += (low - lastInterval) & 0xffff;
      intervals++;
      at += 4;
      continue;
    }
    const length = 4 + ((high + 3) & ~3);
    const patch = checked(page, at, length);
    if (!patch) {
      isTorn = true;
      break;
    }
    image.set(patch.subarray(4, 4 + high), low);
    if (low === 0) lastInterval = readUint32(image, 0);
    patches++;
    at += length + 4;
  }
  return { ...fieldsOf(image), lastInterval, patches, intervals, used: at, isTorn };
}

function checked(page: Uint8Array, offset: number, length: number): Uint8Array | undefined {
  const end = offset + length;
  if (end + 4 > PAGE_BYTES) return undefined;
  const bytes = page.subarray(offset, end);
  return crc32(bytes) === readUint32(page, end) ? bytes : undefined;
}

type Fields = Pick<StoredState, "state" | "epoch" | "isGuessed" | "zone" | "exposure" | "keys">;

function fieldsOf(image: Uint8Array): Fields {
  // The codec's fields begin behind type and tag.
  const message = Buffer.concat([new Uint8Array(2), image]);
  const values = decode(LAYOUT, message);
  const at = (index: number): number => values[index] as number;
  const keys = restOf(LAYOUT, message).subarray(KEYS_AT - EPOCHS_AT);
  return {
    state: STATES[at(1)] ?? "off",
    epoch: at(2),
    isGuessed: at(3) !== 0,
    zone: at(4) - ZONE_OFFSET,
    exposure: {
      level: LEVELS[at(5)] ?? "none",
      day: at(6),
      minutes: at(7),
      acknowledged: at(10) !== 0,
    },
    keys: Array.from({ length: KEYS_BYTES / KEY_BYTES }, (_, index) => keyAt(keys, index)).filter(
      (key) => key !== undefined,
    ),
  };
}

function keyAt(keys: Uint8Array, index: number): TokenKey | undefined {
  const at = index * KEY_BYTES;
  const end = readUint32(keys, at);
  if (!end) return undefined;
  const start = dayStart(end - 1);
  return {
    keyData: keys.slice(at + 4, at + KEY_BYTES),
    rollingStartIntervalNumber: start,
    rollingPeriod: end - start,
  };
}
