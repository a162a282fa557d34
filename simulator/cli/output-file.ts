/**
 * Files that something long writes at its end.
 *
 * @module
 */
import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../../companion/cli/files.ts";
import { Failure } from "../../companion/failure.ts";

/** Which files are wanted: what was found, as JSON and as a page. */
export interface OutputFiles {
  readonly json?: string;
  readonly report?: string;
}

/** Looks before the work whether they can be written after it. @throws Failure `file-unwritable` */
export function requireWritable({ json, report }: OutputFiles): void {
  for (const path of [json, report]) {
    if (path === undefined || canBeWritten(path)) continue;
    throw new Failure("file-unwritable", `The file ${path} cannot be written; choose another.`);
  }
}

/** Writes them. @param render - makes the page */
export function writeOutputs<T>(
  { json, report }: OutputFiles,
  found: T,
  render: (found: T) => string,
): void {
  if (json !== undefined) writeWhole(json, Buffer.from(`${JSON.stringify(found, null, 1)}\n`));
  if (report !== undefined) writeWhole(report, Buffer.from(render(found)));
}

function canBeWritten(path: string): boolean {
  // As of a script's variable that was not set.
  if (path === "") return false;
  try {
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
    return !statSync(path, { throwIfNoEntry: false })?.isDirectory();
  } catch {
    return false;
  }
}
