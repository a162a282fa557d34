/**
 * The zip around an export. It is read by its directory alone, as servers write files whose local headers leave the
 * sizes to descriptors behind the data, and every byte outside of extra fields must belong to a header or an entry.
 * Libraries do one or the other, not both. Source: PKWARE, .ZIP File Format Specification 6.3, section 4.3.
 *
 * @module
 */
import { crc32, inflateRawSync } from "node:zlib";
import { Failure } from "../failure.ts";

/**
 * Largest size of an entry before compression. The largest export that servers make (600,000 keys
 * of some 35 bytes) stays well below.
 */
const MAX_ENTRY_BYTES = 32 * 1024 * 1024;

/** Largest zip file that is looked at: its two entries, and room for the directory. */
export const MAX_ZIP_BYTES = MAX_ENTRY_BYTES + 64 * 1024;

const BIN = "export.bin";
const SIG = "export.sig";

const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_ENTRY_BYTES = 46;
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_END_BYTES = 22;

/** Stands for a number that is in a zip64 field. */
const IN_ZIP64 = 0xffffffff;
/** Flags for encryption, patches, strong encryption and masked headers. */
const FLAGS_REFUSED = (1 << 0) | (1 << 5) | (1 << 6) | (1 << 13);
/** Flag for sizes that follow the data. */
const FLAG_DESCRIPTOR = 1 << 3;
/** Of the descriptor behind the data: with or without signature, sizes of 4 or 8 bytes. */
const DESCRIPTOR_BYTES = [12, 16, 20, 24];
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Takes an export's zip apart. It may hold nothing but `export.bin` and `export.sig`, in any order, deflated or stored.
 * Sizes are checked before anything is inflated, and inflating stops at them, so that a small file cannot claim
 * much memory or time. Checksums are checked, so that damage is told from a wrong signature.
 *
 * @returns the entries; `sig` is undefined when the file is unsigned
 * @throws Failure `export-not-a-zip` (also when damaged, or with anything before, between or behind the parts of
 *   the zip), `export-entries-wrong`, `export-zip-unsupported` (encrypted, zip64, other compression) or
 *   `export-too-large`
 */
export function readZip(file: Uint8Array): { bin: Uint8Array; sig: Uint8Array | undefined } {
  if (file.length > MAX_ZIP_BYTES) throw tooLarge();
  const zip = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  try {
    return readEntries(zip);
  } catch (error) {
    if (error instanceof Failure) throw error;
    // A header that lies outside of the file.
    throw notAZip();
  }
}

function readEntries(zip: Buffer): { bin: Uint8Array; sig: Uint8Array | undefined } {
  const end = zip.length - DIRECTORY_END_BYTES;
  if (zip.readUInt32LE(end) !== DIRECTORY_END) throw notAZip();
  const entryCount = zip.readUInt16LE(end + 10);
  const directory = zip.readUInt32LE(end + 16);
  if (entryCount === 0xffff || directory === IN_ZIP64) throw unsupported();
  // What differs here is a file in several volumes, a comment, or damage.
  const whole =
    zip.readUInt32LE(end + 4) === 0 &&
    zip.readUInt16LE(end + 8) === entryCount &&
    directory + zip.readUInt32LE(end + 12) === end &&
    zip.readUInt16LE(end + 20) === 0;
  if (!whole) throw notAZip();
  if (entryCount < 1 || entryCount > 2) throw wrongEntries();
  const entries = readDirectory(zip, directory, end, entryCount);
  const bin = entries.find(({ name }) => name === BIN);
  const sig = entries.find(({ name }) => name === SIG);
  if (!bin || entries.some((entry) => entry !== bin && entry !== sig)) throw wrongEntries();
  entries.forEach(checkEntry);
  const data = locate(zip, entries, directory);
  return {
    bin: inflate(bin, data.get(bin) as Uint8Array),
    sig: sig && inflate(sig, data.get(sig) as Uint8Array),
  };
}

function readDirectory(zip: Buffer, from: number, to: number, count: number): Entry[] {
  const entries: Entry[] = [];
  let at = from;
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw notAZip();
    const nameEnd = at + DIRECTORY_ENTRY_BYTES + zip.readUInt16LE(at + 28);
    entries.push({
      flags: zip.readUInt16LE(at + 8),
      method: zip.readUInt16LE(at + 10),
      checksum: zip.readUInt32LE(at + 16),
      compressedSize: zip.readUInt32LE(at + 20),
      size: zip.readUInt32LE(at + 24),
      offset: zip.readUInt32LE(at + 42),
      name: zip.toString("latin1", at + DIRECTORY_ENTRY_BYTES, nameEnd),
    });
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  if (at !== to) throw notAZip();
  return entries;
}

function checkEntry({ flags, method, compressedSize, size, offset }: Entry): void {
  if (
    (flags & FLAGS_REFUSED) !== 0 ||
    (method !== STORED && method !== DEFLATED) ||
    [offset, compressedSize, size].includes(IN_ZIP64)
  ) {
    throw unsupported();
  }
  if (size > MAX_ENTRY_BYTES) throw tooLarge();
}

// The compressed data of each entry. From the first byte to the directory there may be nothing else.
function locate(zip: Buffer, entries: readonly Entry[], directory: number): Map<Entry, Uint8Array> {
  const inOrder = [...entries].sort((a, b) => a.offset - b.offset);
  const data = new Map<Entry, Uint8Array>();
  let at = 0;
  inOrder.forEach((entry, index) => {
    const { offset, compressedSize, flags, method } = entry;
    const start = at + LOCAL_HEADER_BYTES + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
    const end = start + compressedSize;
    const next = inOrder[index + 1]?.offset ?? directory;
    const fits =
      offset === at &&
      zip.readUInt32LE(at) === LOCAL_HEADER &&
      zip.readUInt16LE(at + 6) === flags &&
      zip.readUInt16LE(at + 8) === method &&
      zip.readUInt16LE(at + 26) === entry.name.length &&
      zip.toString(
        "latin1",
        at + LOCAL_HEADER_BYTES,
        at + LOCAL_HEADER_BYTES + entry.name.length,
      ) === entry.name &&
      ((flags & FLAG_DESCRIPTOR) !== 0 ? DESCRIPTOR_BYTES : [0]).includes(next - end);
    if (!fits) throw notAZip();
    data.set(entry, zip.subarray(start, end));
    at = next;
  });
  return data;
}

function inflate({ method, size, checksum }: Entry, data: Uint8Array): Uint8Array {
  const bytes = method === STORED ? data : inflateRaw(data, size);
  if (bytes.length !== size || crc32(bytes) !== checksum) throw notAZip();
  return bytes;
}

function inflateRaw(data: Uint8Array, size: number): Uint8Array {
  // One piece of memory that takes it all, and no more than that.
  const limits = { chunkSize: size + 64, maxOutputLength: size + 1, info: true };
  const { buffer, engine } = inflateRawSync(data, limits) as unknown as {
    buffer: Uint8Array;
    engine: { bytesWritten: number };
  };
  // zlib stops at the end of the stream, whatever follows.
  if (engine.bytesWritten !== data.length) throw notAZip();
  return buffer;
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

function unsupported(): Failure {
  return new Failure(
    "export-zip-unsupported",
    "The export file is encrypted or packed in a way that exports are not; tell the key server's operator.",
  );
}

function tooLarge(): Failure {
  return new Failure(
    "export-too-large",
    `The export file is larger than ${MAX_ENTRY_BYTES / 1024 / 1024} MiB and was not opened.`,
  );
}
