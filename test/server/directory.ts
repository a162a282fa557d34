import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { onTestFinished } from "vitest";

/** A directory that is gone at the end of the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "saqbol-server-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Everything that lies on the disk. */
export function everyByte(directory: string): Buffer {
  return Buffer.concat(readdirSync(directory).map((name) => readFileSync(join(directory, name))));
}

/** The rows of every table. */
export function rowCounts(directory: string): Record<string, number> {
  const db = new Database(join(directory, "key-server.sqlite"));
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all([]) as {
    name: string;
  }[];
  const counts = tables.map(({ name }) => {
    const [row] = db.prepare(`SELECT count(*) AS n FROM ${name}`).all([]) as { n: number }[];
    return [name, row!.n];
  });
  db.close();
  return Object.fromEntries(counts);
}
