/**
 * Tells what was written to a token's pool of flash pages: what it was for, and what was erased.
 *
 * @module
 */
import { dateOfDay } from "../../companion/risk/date-of-day.ts";
import type { EventKind, Tally } from "./events.ts";
import {
  type LogPage,
  type PoolPage,
  pageBytes,
  readPage,
  readPages,
  SLOTS,
  storedIn,
} from "./flash-pages.ts";
import type { StoredState } from "./stored-state.ts";
import { counted, hex } from "./style.ts";

/** A log page that gets more records than this at once is a copy. */
const MOST_AT_ONCE = 60;

/** What is watched. */
export interface PoolParts {
  /** The pool's bytes, which change. */
  readonly bytes: Uint8Array;
  /** How often each of its pages was erased, which changes. */
  readonly erases: Uint32Array;
  /** The neighbour who sent an identifier of which the first 7 bytes are known. */
  nameOf(rpiPrefix: Uint8Array): string | undefined;
}

/** Watches a pool. */
export class FlashWatch {
  readonly #pool: PoolParts;
  readonly #tell: (kind: EventKind, text: string) => void;
  readonly #tally: () => Tally;
  readonly #copy: Buffer;
  #pages: PoolPage[];
  readonly #erased: Uint32Array;

  constructor(pool: PoolParts, tell: (kind: EventKind, text: string) => void, tally: () => Tally) {
    this.#pool = pool;
    this.#tell = tell;
    this.#tally = tally;
    this.#copy = Buffer.from(pool.bytes);
    this.#pages = readPages(pool.bytes);
    this.#erased = pool.erases.slice();
  }

  /** Tells what has changed since it was last called. */
  look(): void {
    const { bytes: pool } = this.#pool;
    if (this.#copy.equals(pool)) return;
    const before = this.#pages;
    const stored = storedIn(before);
    const after = before.map((page, at) => {
      const bytes = pageBytes(pool, at);
      const isSame = pageBytes(this.#copy, at).every((byte, offset) => byte === bytes[offset]);
      return isSame ? page : readPage(bytes);
    });
    this.#copy.set(pool);
    this.#pages = after;
    const now = storedIn(after);
    if (now) this.#tellState(stored, now);
    for (const [at, page] of after.entries()) this.#tellPage(at, before[at] as PoolPage, page);
    this.#tellErases();
  }

  #tellPage(at: number, before: PoolPage, page: PoolPage): void {
    if (page === before) return;
    if (page.kind === "state" && before.kind !== "state") {
      this.#tell("flash", `page ${at} holds the state (number ${page.number})`);
    } else if (page.kind === "log") {
      this.#tellLog(at, before.kind === "log" ? before : undefined, page);
    }
  }

  #tellLog(at: number, before: LogPage | undefined, page: LogPage): void {
    const fresh = page.slots.filter(
      ({ kind, slot }) => kind === "encounter" && slot >= (before?.used ?? 0),
    );
    if (!before) {
      const merged = page.lowest < page.number ? `${page.lowest} to ` : "";
      this.#tell("flash", `page ${at} belongs to the log (number ${merged}${page.number})`);
      if (merged || fresh.length > MOST_AT_ONCE) {
        const left = page.hasDropped ? ", something was left out" : "";
        this.#tell("flash", `page ${at} has ${page.used} of ${SLOTS} slots in use${left}`);
        return;
      }
    }
    for (const slot of fresh) {
      if (slot.kind !== "encounter") continue;
      const { rpiPrefix, minutes, meanRssi, bestRssi } = slot.encounter;
      const who = this.#pool.nameOf(rpiPrefix) ?? `RPI ${hex(rpiPrefix.subarray(0, 4))}..`;
      this.#tally().records++;
      this.#tell("log", `${who}: ${minutes} min, mean ${meanRssi}, best ${bestRssi} dBm`);
    }
  }

  #tellState(before: StoredState | undefined, now: StoredState): void {
    if ((before?.state ?? "off") !== now.state) {
      this.#tell("state", `contact detection ${now.state}`);
    }
    if ((before?.epoch ?? 0) !== now.epoch) {
      this.#tell(
        "state",
        `clock epoch ${now.epoch}${now.isGuessed ? ", the time is a guess" : ""}`,
      );
    }
    const { level, day, minutes, acknowledged } = now.exposure;
    const old = before?.exposure;
    if ((old?.level ?? "none") !== level || (old?.day ?? 0) !== day || old?.minutes !== minutes) {
      if (level === "none" && (old?.level ?? "none") === "none") return;
      const what = level === "none" ? "none" : `${level}, ${dateOfDay(day)}, ${minutes} min`;
      this.#tell("state", `exposure ${what}`);
    } else if (acknowledged && !old?.acknowledged) {
      this.#tell("state", "the wearer knows of the exposure");
    }
  }

  #tellErases(): void {
    for (const [at, times] of this.#pool.erases.entries()) {
      const fresh = times - (this.#erased[at] as number);
      if (!fresh) continue;
      this.#tally().erases += fresh;
      this.#tell("flash", `page ${at} erased, ${counted(times, "time")} so far`);
    }
    this.#erased.set(this.#pool.erases);
  }
}
