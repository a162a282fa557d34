import { closeSync, openSync } from "node:fs";

/**
 * Makes an empty file of mode 0600 unless there is one, for SQLite to write into. One that is there
 * is not opened: to close any descriptor of a file ends all locks that the process has on it, those
 * of SQLite among them (POSIX, fcntl).
 *
 * @throws Node's own error when it cannot be made
 */
export function ensurePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
