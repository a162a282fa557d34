/**
 * Espruino's Storage as boot sees it: a chain of files, see `src/jsflash.h` there.
 *
 * @module
 */
import { FILE_HEADER_BYTES } from "../../protocol/flash-layout.ts";

interface StorageFile {
  readonly name: string;
  readonly content: Uint8Array;
  /** Where the next header stands. */
  readonly next: number;
}

function* storageFiles(image: Uint8Array): Generator<StorageFile> {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  for (let at = 0; at + FILE_HEADER_BYTES <= image.length; ) {
    const sizeAndFlags = view.getUint32(at, true);
    if (sizeAndFlags === 0xffffffff) return;
    const size = sizeAndFlags & 0xffffff;
    const start = at + FILE_HEADER_BYTES;
    const name = Buffer.from(image.subarray(at + 4, start)).toString("latin1");
    at = start + ((size + 3) & ~3);
    yield {
      name: name.replace(/\0+$/, ""),
      content: image.subarray(start, start + size),
      next: at,
    };
  }
}

/** The contents of a file of a Storage image, or undefined when there is none of that name. */
export function readStorageFile(image: Uint8Array, name: string): Uint8Array | undefined {
  for (const file of storageFiles(image)) if (file.name === name) return file.content;
  return undefined;
}

/** The offset behind the last file of a Storage image, where the next header would stand. */
export function endOfStorage(image: Uint8Array): number {
  let end = 0;
  for (const { next } of storageFiles(image)) end = next;
  return end;
}
