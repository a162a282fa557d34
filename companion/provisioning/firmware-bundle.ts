/**
 * The firmware bundles that `npm run build` has written.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BoardName } from "../../protocol/flash-layout.ts";
import { Failure } from "../failure.ts";

// From dist/companion/provisioning as well as from companion/provisioning.
const ROOT = fileURLToPath(new URL(".", import.meta.url)).replace(
  /(dist[/\\])?companion[/\\]provisioning[/\\]$/,
  "",
);

/**
 * Reads the bundle of a board, one character for each byte.
 *
 * @throws Failure `firmware-missing`
 */
export function readFirmware(board: BoardName): string {
  try {
    return readFileSync(`${ROOT}dist/firmware/${board}.js`, "latin1");
  } catch {
    throw new Failure(
      "firmware-missing",
      `There is no firmware for a ${board} yet; run npm run build first.`,
    );
  }
}
