import type { Database } from "./database.ts";

/** Tries to write between the transactions of others before everything is locked out. */
const ATTEMPTS = 3;

/** Bytes of a page's header by its type: interior and leaf pages of indexes and tables. */
const HEADER_BYTES: Readonly<Record<number, number>> = { 2: 12, 5: 12, 10: 8, 13: 8 };

/**
 * Overwrites what SQLite leaves in the unallocated part of its pages. `secure_delete` overwrites each
 * row that is deleted, but when rows move to another page because theirs is too full or too empty,
 * copies of them may stay behind (SQLite file format, section 1.6, "B-tree Pages"). Those would
 * outlive the row.
 *
 * @returns the number of pages that had something left
 */
export function scrub(db: Database): number {
  for (let attempt = 1; ; attempt++) {
    const seen = dataVersion(db);
    const found = attempt < ATTEMPTS ? pagesWithRemains(db) : undefined;
    if (found?.length === 0) return 0;
    const cleaned = db.transaction(() => {
      // A page may serve another purpose by now if somebody has written since.
      if (found && dataVersion(db) !== seen) return undefined;
      const pages = found ?? pagesWithRemains(db);
      for (const page of pages) clean(db, page);
      return pages.length;
    });
    if (cleaned !== undefined) return cleaned;
  }
}

/** Changes when another connection has written. */
function dataVersion(db: Database): number {
  return db.get<{ data_version: number }>("PRAGMA data_version")!.data_version;
}

function pagesWithRemains(db: Database): number[] {
  // Only pages of which SQLite itself says that they hold rows. The first one holds the schema.
  const pages = db.all<{ pageno: number }>(
    "SELECT pageno FROM dbstat WHERE pagetype IN ('leaf', 'internal') AND pageno > 1",
  );
  return pages
    .map(({ pageno }) => pageno)
    .filter((page) => unallocated(readPage(db, page)).some((byte) => byte !== 0));
}

function clean(db: Database, page: number): void {
  const data = readPage(db, page);
  unallocated(data).fill(0);
  db.run("UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?", data, page);
}

function readPage(db: Database, page: number): Uint8Array {
  return db.get<{ data: Uint8Array }>("SELECT data FROM sqlite_dbpage WHERE pgno = ?", page)!.data;
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
