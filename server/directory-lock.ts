import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Libsql from "libsql";
import { ensurePrivateFile } from "./private-file.ts";
import { StartError } from "./start-error.ts";

/** That this process serves a directory; it ends with the process at the latest, however that ends. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Claims a data directory for this process, making it if missing. The claim is SQLite's lock on an
 * empty database of its own, `server.lock`, which the operating system drops when the process dies.
 * Threads of the process, and commands that touch only the keys, need none.
 *
 * @throws StartError when another process has claimed it; Node's own error when the directory
 *   cannot be made or written
 */
export function lockDirectory(dataDir: string): DirectoryLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, "server.lock");
  ensurePrivateFile(path);
  const connection = new Libsql(path);
  try {
    // A moment's patience, so that of two that start together one gets it. Nothing is ever written,
    // so that no journal is needed.
    connection.exec("PRAGMA busy_timeout = 1000; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if ((error as { code?: unknown }).code !== "SQLITE_BUSY") throw error;
    throw new StartError(
      `Another server is running in ${dataDir}; stop it first, or choose another directory with --data.`,
    );
  }
  return { release: () => connection.close() };
}
