/**
 * What a token's pool of flash pages holds, from its bytes alone, see `firmware/pages.ts` and `firmware/encounter-log.ts`.
 *
 * @module
 */
import { decodeLog, type Encounter } from "../../protocol/encounter-log.ts";
import {
  isWhole,
  RECORD_BYTES,
  readUint32,
  recordWord,
  wordMinutes,
} from "../../protocol/encounter-record.ts";
import { type BoardName, LAYOUTS, PAGE_BYTES, poolStart } from "../../protocol/flash-layout.ts";
import { readStatePage, type StoredState } from "./stored-state.ts";

/** Of a page: its number, and the number's complement. */
const HEADER_BYTES = 4;
/** Slots of a page of the log: as many as fit behind its header. */
export const SLOTS = Math.floor((PAGE_BYTES - HEADER_BYTES) / RECORD_BYTES);
/** In the number of a page: it holds state. The firmware's own constant needs a board around it. */
const STATE_PAGE = 0x8000;
/** In the label of a page of the log: something was left out. The other bits are a number. */
const DROPPED = 0x8000;
/** Where the label is in the time mark of the first slot, little-endian. */
const LABEL_AT = HEADER_BYTES + 5;

/** A slot of the log in which something stands. */
export type Slot =
  | {
      readonly kind: "mark";
      readonly slot: number;
      readonly interval: number;
      readonly epoch: number;
    }
  | { readonly kind: "encounter"; readonly slot: number; readonly encounter: Encounter }
  /** Cut short by a power loss, or overwritten with zeros when it expired. */
  | { readonly kind: "torn" | "wiped"; readonly slot: number };

/** A page of the log. */
export interface LogPage {
  readonly kind: "log";
  readonly number: number;
  /** The lowest number of the pages that it stands for; less than its own when pages were merged. */
  readonly lowest: number;
  /** Whether something of that had to be left out. */
  readonly hasDropped: boolean;
  readonly slots: readonly Slot[];
  /** Slots up to the last one in which something stands. */
  readonly used: number;
}

/** A page with the state; of several, the one with the highest number counts. */
export interface StatePage {
  readonly kind: "state";
  readonly number: number;
  /** Undefined when the image does not stand whole. */
  readonly stored: StoredState | undefined;
}

/** A page of the pool. */
export type PoolPage =
  | LogPage
  | StatePage
  /** Erased; or neither valid nor erased, which is what a power loss may leave behind. */
  | { readonly kind: "blank" | "invalid" };

/** The pool of a board's Storage. */
export function poolOf(board: BoardName, storage: Uint8Array): Uint8Array {
  return storage.subarray(poolStart(LAYOUTS[board]));
}

/** The bytes of one of its pages. */
export function pageBytes(pool: Uint8Array, page: number): Uint8Array {
  return pool.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
}

/** Reads all pages of a pool. */
export function readPages(pool: Uint8Array): PoolPage[] {
  return Array.from({ length: pool.length / PAGE_BYTES }, (_, page) =>
    readPage(pageBytes(pool, page)),
  );
}

/** Reads a page of {@link PAGE_BYTES}. */
export function readPage(bytes: Uint8Array): PoolPage {
  const word = readUint32(bytes, 0);
  const number = word & 0xffff;
  if (word >>> 16 !== (number ^ 0xffff)) {
    return { kind: bytes.every((byte) => byte === 0xff) ? "blank" : "invalid" };
  }
  if (number >= STATE_PAGE) {
    return { kind: "state", number: number - STATE_PAGE, stored: readStatePage(bytes) };
  }
  const label = (bytes[LABEL_AT] as number) | ((bytes[LABEL_AT + 1] as number) << 8);
  const slots = readSlots(bytes.subarray(HEADER_BYTES));
  return {
    kind: "log",
    number,
    lowest: label & ~DROPPED,
    hasDropped: (label & DROPPED) !== 0,
    slots,
    used: (slots.at(-1)?.slot ?? -1) + 1,
  };
}

/** The state that counts, if there is any. */
export function storedIn(pages: readonly PoolPage[]): StoredState | undefined {
  const states = pages.filter((page) => page.kind === "state");
  return states.sort((a, b) => b.number - a.number)[0]?.stored;
}

function readSlots(bytes: Uint8Array): Slot[] {
  const slots: Slot[] = [];
  let mark = bytes.subarray(0, 0);
  for (let slot = 0; slot < SLOTS; slot++) {
    const at = slot * RECORD_BYTES;
    const record = bytes.subarray(at, at + RECORD_BYTES);
    if (record.every((byte) => byte === 0xff)) continue;
    const word = recordWord(record, 0);
    if (!isWhole(word)) {
      slots.push({ kind: record.every((byte) => byte === 0) ? "wiped" : "torn", slot });
    } else if (wordMinutes(word) === 0) {
      mark = record;
      const epoch = record[4] as number;
      slots.push({ kind: "mark", slot, interval: readUint32(record, 0), epoch });
    } else {
      const [encounter] = decodeLog(Buffer.concat([mark, record]));
      slots.push(encounter ? { kind: "encounter", slot, encounter } : { kind: "torn", slot });
    }
  }
  return slots;
}
