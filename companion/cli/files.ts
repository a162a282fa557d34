/**
 * Files that a user has named.
 *
 * @module
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Failure } from "../failure.ts";

/** Reads a file. @throws Failure `file-unreadable` */
export function readInput(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new Failure("file-unreadable", `The file ${path} cannot be read; check its name.`);
  }
}

/** Makes a directory. @throws Failure `directory-unwritable` */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch {
    throw new Failure(
      "directory-unwritable",
      `The directory ${path} cannot be made; choose another.`,
    );
  }
}

/** Writes a file, under its own name only once it is whole. @throws Failure `file-unwritable` */
export function writeWhole(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
  } catch {
    throw new Failure(
      "file-unwritable",
      `The file ${path} cannot be written; choose another directory, or make room on the disk.`,
    );
  }
}
