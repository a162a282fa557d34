import { createHash } from "node:crypto";
import type { UpkeepContext } from "./context.ts";
import type { Database } from "./database.ts";

/** Times that pages are looked for, since some may change while others are written. */
const PASSES = 3;

/** Pages that one transaction writes, so that others need not wait for long. */
const PAGES_AT_ONCE = 100;

/** Bytes of a page's header by its type: interior and leaf pages of indexes and tables. */
const HEADER_BYTES: Readonly<Record<number, number>> = { 2: 12, 5: 12, 10: 8, 13: 8 };

/** A page with remains, and what it was like when they were found. */
interface Found {
  readonly page: number;
  readonly digest: Buffer;
}

/**
 * Overwrites what SQLite leaves in the unallocated part of its pages. `secure_delete` overwrites each
 * row that is deleted, but when rows move to another page because theirs is too full or too empty,
 * copies of them may stay behind (SQLite file format, section 1.6, "B-tree Pages"). Those would
 * outlive the row. What others write meanwhile may leave some until the next turn.
 */
export function scrub({ db, breathe }: Pick<UpkeepContext, "db" | "breathe">): void {
  for (let pass = 0; pass < PASSES; pass++) {
    const found = pagesWithRemains(db);
    if (found.length === 0) return;
    for (let at = 0; at < found.length; at += PAGES_AT_ONCE) {
      db.transaction(() => {
        for (const each of found.slice(at, at + PAGES_AT_ONCE)) clean(db, each);
      });
      breathe();
    }
  }
}

function pagesWithRemains(db: Database): Found[] {
  // One state of the database: what a page is for, and what is in it.
  return db.snapshot(() => {
    // Only pages of which SQLite itself says that they hold rows. The first one holds the schema.
    const pages = db.all<{ pageno: number }>(
      "SELECT pageno FROM dbstat WHERE pagetype IN ('leaf', 'internal') AND pageno > 1",
    );
    const found: Found[] = [];
    for (const { pageno: page } of pages) {
      const data = readPage(db, page);
      if (unallocated(data).some((byte) => byte !== 0)) found.push({ page, digest: digest(data) });
    }
    return found;
  });
}

/** Leaves a page alone that has changed: it may serve another purpose by now. */
function clean(db: Database, { page, digest: before }: Found): void {
  const data = readPage(db, page);
  if (!digest(data).equals(before)) return;
  unallocated(data).fill(0);
  db.run("UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?", data, page);
}

function readPage(db: Database, page: number): Uint8Array {
  // A database that has become smaller has fewer pages.
  const row = db.get<{ data: Uint8Array }>("SELECT data FROM sqlite_dbpage WHERE pgno = ?", page);
  return row?.data ?? new Uint8Array();
}

function digest(data: Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}

/** The part between the pointers to a page's cells and the cells (section 1.6). */
function unallocated(data: Uint8Array): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const header = HEADER_BYTES[view.getUint8(0)];
  if (header === undefined) throw new Error("a page of the database is not what it is said to be");
  const pointersEnd = header + 2 * view.getUint16(3);
  // 0 stands for 65,536, which only an empty page of that size has.
  const cells = view.getUint16(5) || 65_536;
  return data.subarray(pointersEnd, cells);
}
