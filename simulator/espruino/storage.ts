/**
 * Espruino's Storage as boot sees it: a chain of files, see `src/jsflash.h` there.
 *
 * @module
 */
import { FILE_HEADER_BYTES } from "../../protocol/flash-layout.ts";

/** The contents of a file of a Storage image, or undefined when there is none of that name. */
export function readStorageFile(image: Uint8Array, name: string): Uint8Array | undefined {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  for (let at = 0; at + FILE_HEADER_BYTES <= image.length; ) {
    const sizeAndFlags = view.getUint32(at, true);
    if (sizeAndFlags === 0xffffffff) return undefined;
    const size = sizeAndFlags & 0xffffff;
    const start = at + FILE_HEADER_BYTES;
    const fileName = Buffer.from(image.subarray(at + 4, start)).toString("latin1");
    if (fileName.replace(/\0+$/, "") === name) return image.subarray(start, start + size);
    at = start + ((size + 3) & ~3);
  }
  return undefined;
}
