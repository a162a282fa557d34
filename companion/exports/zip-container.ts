import { crc32, inflateRawSync } from "node:zlib";
import { Failure } from "../failure.ts";

/**
 * Largest size of an entry before compression. The largest export that servers make (600,000 keys
 * of some 35 bytes) stays well below.
 */
export const MAX_ENTRY_BYTES = 32 * 1024 * 1024;

/** Largest zip file that is looked at: its two entries, and room for the directory. */
export const MAX_ZIP_BYTES = MAX_ENTRY_BYTES + 64 * 1024;

// Signatures and fixed lengths of the records (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16).
const LOCAL = { signature: 0x04034b50, length: 30 };
const DIRECTORY = { signature: 0x02014b50, length: 46 };
const END = { signature: 0x06054b50, length: 22 };
const MAX_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly localOffset: number;
}

/**
 * Reads a zip file that must hold exactly the named entries. The sizes that the directory states
 * are checked before anything is inflated, and inflating stops at them, so that a small file cannot
 * claim much memory or time; checksums are checked.
 *
 * @throws Failure `export-not-a-zip`, `export-entries-wrong` or `export-too-large`
 */
export function readZip<Name extends string>(
  zip: Uint8Array,
  names: readonly Name[],
): Record<Name, Uint8Array> {
  if (zip.length > MAX_ZIP_BYTES) throw tooLarge();
  const file = Buffer.from(zip.buffer, zip.byteOffset, zip.length);
  const entries = readDirectory(file, names.length);
  const contents = {} as Record<Name, Uint8Array>;
  for (const name of names) {
    const entry = entries.find((candidate) => candidate.name === name);
    if (!entry) throw wrongEntries();
    contents[name] = readEntry(file, entry);
  }
  return contents;
}

function readDirectory(file: Buffer, expectedEntries: number): Entry[] {
  const end = findEnd(file);
  if (file.readUInt16LE(end + 8) !== file.readUInt16LE(end + 10)) throw notAZip();
  if (file.readUInt16LE(end + 10) !== expectedEntries) throw wrongEntries();
  const entries: Entry[] = [];
  let at = file.readUInt32LE(end + 16);
  for (let i = 0; i < expectedEntries; i++) {
    if (at + DIRECTORY.length > end || file.readUInt32LE(at) !== DIRECTORY.signature) {
      throw notAZip();
    }
    const nameLength = file.readUInt16LE(at + 28);
    const nameStart = at + DIRECTORY.length;
    if (nameStart + nameLength > end) throw notAZip();
    entries.push({
      name: file.toString("latin1", nameStart, nameStart + nameLength),
      flags: file.readUInt16LE(at + 8),
      method: file.readUInt16LE(at + 10),
      crc: file.readUInt32LE(at + 16),
      compressedSize: file.readUInt32LE(at + 20),
      size: file.readUInt32LE(at + 24),
      localOffset: file.readUInt32LE(at + 42),
    });
    // Extra field and comment follow the name.
    at = nameStart + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return entries;
}

/** The end record is the last one whose comment reaches exactly to the end of the file. */
function findEnd(file: Buffer): number {
  const lowest = Math.max(0, file.length - END.length - MAX_COMMENT);
  for (let at = file.length - END.length; at >= lowest; at--) {
    if (
      file.readUInt32LE(at) === END.signature &&
      at + END.length + file.readUInt16LE(at + 20) === file.length
    ) {
      return at;
    }
  }
  throw notAZip();
}

function readEntry(file: Buffer, entry: Entry): Uint8Array {
  if (entry.size > MAX_ENTRY_BYTES) throw tooLarge();
  const { localOffset } = entry;
  if (
    localOffset + LOCAL.length > file.length ||
    file.readUInt32LE(localOffset) !== LOCAL.signature ||
    (entry.flags & ENCRYPTED) !== 0
  ) {
    throw notAZip();
  }
  const start =
    localOffset +
    LOCAL.length +
    file.readUInt16LE(localOffset + 26) +
    file.readUInt16LE(localOffset + 28);
  if (start + entry.compressedSize > file.length) throw notAZip();
  const data = expand(file.subarray(start, start + entry.compressedSize), entry);
  if (data.length !== entry.size || crc32(data) !== entry.crc) throw notAZip();
  return data;
}

function expand(data: Buffer, entry: Entry): Buffer {
  if (entry.method === STORED) return data;
  if (entry.method !== DEFLATED) throw notAZip();
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, entry.size) });
  } catch {
    throw notAZip();
  }
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
