import { createHash } from "node:crypto";
import type { Database } from "./database.ts";
import { EXPORT_PART_BYTES } from "./schema.ts";

/** An export file that can be downloaded. */
export interface StoredExport {
  /** Such as `1600171200-1600185600-00001.zip`. */
  readonly name: string;
  /** Start of its batch, unix seconds. */
  readonly startTimestamp: number;
  /** Bytes. */
  readonly size: number;
  readonly sha256: Uint8Array;
}

/**
 * Stores the bytes of a file, each part in a transaction of its own. The file is not to be seen
 * before {@link offerExports}.
 *
 * @param pieces the file in pieces of any size
 * @param breathe called after each part
 */
export function storeExport(
  db: Database,
  name: string,
  startTimestamp: number,
  pieces: Iterable<Uint8Array>,
  breathe: () => void,
): StoredExport {
  const hash = createHash("sha256");
  let size = 0;
  let part = 0;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const store = () => {
    const bytes = new Uint8Array(Buffer.concat(waiting));
    hash.update(bytes);
    size += bytes.length;
    db.run("INSERT INTO export_parts (name, part, bytes) VALUES (?, ?, ?)", name, part++, bytes);
    waiting = [];
    waitingBytes = 0;
    breathe();
  };
  for (const piece of pieces) {
    waiting.push(piece);
    waitingBytes += piece.length;
    if (waitingBytes >= EXPORT_PART_BYTES) store();
  }
  if (waitingBytes > 0) store();
  return { name, startTimestamp, size, sha256: hash.digest() };
}

/**
 * Makes stored files visible, all at once.
 *
 * @throws Error when one is not whole, because a second server on the same directory cleared it away
 */
export function offerExports(db: Database, files: readonly StoredExport[]): void {
  db.transaction(() => {
    for (const { name, startTimestamp, size, sha256 } of files) {
      const sum = "SELECT sum(length(bytes)) AS bytes FROM export_parts WHERE name = ?";
      if (db.get<{ bytes: number | null }>(sum, name)?.bytes !== size) {
        throw new Error("an export file is not whole");
      }
      db.run(
        "INSERT INTO export_files (name, start_timestamp, size, sha256) VALUES (?, ?, ?, ?)",
        name,
        startTimestamp,
        size,
        sha256,
      );
    }
  });
}

/** Deletes the parts of files that were never offered, or are no more: a crash can leave some. */
export function deleteLooseParts(db: Database, breathe: () => void): void {
  const loose = `DELETE FROM export_parts WHERE id IN (
    SELECT id FROM export_parts WHERE name NOT IN (SELECT name FROM export_files) LIMIT 4)`;
  while (db.run(loose) > 0) breathe();
}

/** The names of all files, oldest first. */
export function exportNames(db: Database): string[] {
  const rows = db.all<{ name: string }>("SELECT name FROM export_files ORDER BY name");
  return rows.map(({ name }) => name);
}

/** What is known of a file. */
export function findExport(db: Database, name: string): StoredExport | undefined {
  return db.get<StoredExport>(
    `SELECT name, start_timestamp AS startTimestamp, size, sha256 FROM export_files WHERE name = ?`,
    name,
  );
}

/** One part of a file, counted from 0; undefined behind its end. */
export function exportPart(
  db: Database,
  name: string,
  part: number,
): Uint8Array<ArrayBuffer> | undefined {
  return db.get<{ bytes: Uint8Array<ArrayBuffer> }>(
    "SELECT bytes FROM export_parts WHERE name = ? AND part = ?",
    name,
    part,
  )?.bytes;
}
