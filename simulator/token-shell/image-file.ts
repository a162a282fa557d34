/**
 * A token's Storage in a file, as `save` and `--flash` keep it.
 *
 * @module
 */
import { readInput } from "../../companion/cli/files.ts";
import { type BoardName, LAYOUTS, PAGE_BYTES, REGION_FILE } from "../../protocol/flash-layout.ts";
import { readStorageFile } from "../espruino/storage.ts";
import { ShellError } from "./words.ts";

/** Reads one. @throws ShellError when it is not the flash of a token on that board; Failure `file-unreadable` */
export function readImage(file: string, board: BoardName): Uint8Array {
  const image = readInput(file);
  const fits = image.length === LAYOUTS[board].storagePages * PAGE_BYTES;
  if (fits && readStorageFile(image, REGION_FILE)) return image;
  throw new ShellError(
    `The file ${file} is not the flash of a token on a ${board}; name another file, or its board with --board.`,
  );
}
