/**
 * Files that something long will write at its end.
 *
 * @module
 */
import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../../companion/failure.ts";

/** Looks before the work whether its file can be written after it. @throws Failure `file-unwritable` */
export function requireWritable(path: string): void {
  if (canBeWritten(path)) return;
  throw new Failure("file-unwritable", `The file ${path} cannot be written; choose another.`);
}

function canBeWritten(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
    return !statSync(path, { throwIfNoEntry: false })?.isDirectory();
  } catch {
    return false;
  }
}
