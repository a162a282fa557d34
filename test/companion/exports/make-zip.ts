/**
 * Zip files written by hand, to have them in ways that no library writes.
 *
 * @module
 */
import { crc32, deflateRawSync } from "node:zlib";

export interface MadeEntry {
  name: string;
  content: Uint8Array;
  /** Compression method; 8 deflates, any other stores. */
  method?: number;
  flags?: number;
  /** Follows the data, as when a server writes to a stream. */
  descriptor?: "signed" | "plain" | "zip64";
  /** In the directory, instead of what is true. */
  size?: number;
  compressedSize?: number;
  checksum?: number;
  offset?: number;
  localName?: string;
  localExtra?: Uint8Array;
  directoryExtra?: Uint8Array;
  comment?: string;
  /** Behind the deflated data, counted as part of it. */
  trailing?: Uint8Array;
  /** In front of the local header. */
  leading?: Uint8Array;
}

export interface MadeEnd {
  comment?: string;
  entries?: number;
  offset?: number;
}

const u16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** Writes a zip. */
export function makeZip(entries: readonly MadeEntry[], end: MadeEnd = {}): Buffer {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const put = (...bytes: Uint8Array[]) => {
    parts.push(...bytes);
    at += bytes.reduce((sum, { length }) => sum + length, 0);
  };
  for (const entry of entries) {
    const { name, content, method = 8, descriptor, localExtra = u16(0).subarray(2) } = entry;
    const flags = (entry.flags ?? 0) | (descriptor ? 8 : 0);
    const packed = method === 8 ? deflateRawSync(content) : content;
    const data = Buffer.concat([packed, entry.trailing ?? Buffer.alloc(0)]);
    const checksum = crc32(content);
    const sizes = Buffer.concat([u32(checksum), u32(data.length), u32(content.length)]);
    const localName = Buffer.from(entry.localName ?? name, "latin1");
    put(entry.leading ?? Buffer.alloc(0));
    const offset = at;
    put(u32(0x04034b50), u16(20), u16(flags), u16(method), u32(0));
    put(descriptor ? Buffer.alloc(12) : sizes, u16(localName.length), u16(localExtra.length));
    put(localName, localExtra, data);
    if (descriptor === "signed") put(u32(0x08074b50), sizes);
    if (descriptor === "plain") put(sizes);
    if (descriptor === "zip64") {
      put(u32(0x08074b50), u32(checksum), u32(data.length), u32(0), u32(content.length), u32(0));
    }
    const { directoryExtra = Buffer.alloc(0), comment = "" } = entry;
    directory.push(
      ...[u32(0x02014b50), u16(20), u16(20), u16(flags), u16(method), u32(0)],
      ...[u32(entry.checksum ?? checksum), u32(entry.compressedSize ?? data.length)],
      ...[u32(entry.size ?? content.length), u16(name.length), u16(directoryExtra.length)],
      ...[u16(comment.length), Buffer.alloc(8), u32(entry.offset ?? offset)],
      ...[Buffer.from(name, "latin1"), directoryExtra, Buffer.from(comment, "latin1")],
    );
  }
  const listed = Buffer.concat(directory);
  const { comment = "", entries: count = entries.length, offset = at } = end;
  put(listed, u32(0x06054b50), u32(0), u16(count), u16(count), u32(listed.length), u32(offset));
  put(u16(comment.length), Buffer.from(comment, "latin1"));
  return Buffer.concat(parts);
}
