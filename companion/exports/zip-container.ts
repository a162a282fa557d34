import { Unzip, UnzipInflate, unzipSync } from "fflate";
import { Failure } from "../failure.ts";

/**
 * Largest size of an entry before compression. The largest export that servers make (600,000 keys
 * of some 35 bytes) stays well below.
 */
const MAX_ENTRY_BYTES = 32 * 1024 * 1024;

/** Largest zip file that is looked at: its two entries, and room for the directory. */
export const MAX_ZIP_BYTES = MAX_ENTRY_BYTES + 64 * 1024;

/** How much is inflated before its size is looked at again; deflate expands at most 1032 times. */
const CHUNK_BYTES = 16 * 1024;

/**
 * Reads a zip file that must hold exactly the named entries. The sizes that the directory states
 * are checked before anything is inflated, and inflating stops at them, so that a small file cannot
 * claim much memory or time. Checksums are not looked at: the signature over the contents says more.
 *
 * @throws Failure `export-not-a-zip`, `export-entries-wrong` or `export-too-large`
 */
export function readZip<Name extends string>(
  zip: Uint8Array,
  names: readonly Name[],
): Record<Name, Uint8Array> {
  if (zip.length > MAX_ZIP_BYTES) throw tooLarge();
  const sizes = readDirectory(zip);
  if (sizes.size !== names.length || !names.every((name) => sizes.has(name))) throw wrongEntries();
  if (Math.max(...sizes.values()) > MAX_ENTRY_BYTES) throw tooLarge();
  const contents = inflate(zip, sizes);
  for (const name of names) {
    if (contents.get(name)?.length !== sizes.get(name)) throw notAZip();
  }
  return Object.fromEntries(contents) as Record<Name, Uint8Array>;
}

// Names and sizes before compression.
function readDirectory(zip: Uint8Array): Map<string, number> {
  const sizes = new Map<string, number>();
  let entries = 0;
  try {
    unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        entries++;
        sizes.set(name, originalSize);
        return false;
      },
    });
  } catch {
    throw notAZip();
  }
  if (entries !== sizes.size) throw wrongEntries();
  return sizes;
}

function inflate(zip: Uint8Array, sizes: ReadonlyMap<string, number>): Map<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  const unzip = new Unzip((file) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    file.ondata = (error, part, final) => {
      length += part?.length ?? 0;
      if (error || length > (sizes.get(file.name) ?? 0)) throw notAZip();
      parts.push(part);
      if (final) contents.set(file.name, Buffer.concat(parts));
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < zip.length; at += CHUNK_BYTES) {
      const end = at + CHUNK_BYTES;
      unzip.push(zip.subarray(at, end), end >= zip.length);
    }
  } catch {
    throw notAZip();
  }
  return contents;
}

function notAZip(): Failure {
  return new Failure(
    "export-not-a-zip",
    "The export file is damaged or not a zip file; download it again.",
  );
}

function wrongEntries(): Failure {
  return new Failure(
    "export-entries-wrong",
    "The zip file is not an export: it must hold export.bin and export.sig and nothing else.",
  );
}

function tooLarge(): Failure {
  return new Failure(
    "export-too-large",
    `The export file is larger than ${MAX_ENTRY_BYTES / 1024 / 1024} MiB and was not opened.`,
  );
}
