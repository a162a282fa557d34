/**
 * What matching needs besides its own modules, and `npm run build` makes.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { builtDirectory } from "../built-directory.ts";
import { Failure } from "../failure.ts";

const DIRECTORY = builtDirectory("companion/matching");

/** The program of a thread that finds keys. */
export const FINDER_THREAD = `${DIRECTORY}finder-thread.js`;

/** The kernel as WebAssembly. @throws Failure `kernel-missing` */
export function readKernel(): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(`${DIRECTORY}kernel.wasm`));
  } catch {
    throw new Failure("kernel-missing", "The program is incomplete; run npm run build first.");
  }
}
