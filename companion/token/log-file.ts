/**
 * A token's log as a file, for developers: the raw records, as the token hands them over, and a CRC-32 (little-endian) of all before it, so
 * that a file which is cut off or damaged is not taken for a log without meetings.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { decodeLog, type Encounter } from "../../protocol/encounter-log.ts";
import { RECORD_BYTES } from "../../protocol/encounter-record.ts";
import { Failure } from "../failure.ts";

const MAGIC = Buffer.from("saqbol log 2\n", "latin1");
const CRC_BYTES = 4;

/** A file that holds `records`. */
export function formatLogFile(records: Uint8Array): Uint8Array {
  const file = Buffer.concat([MAGIC, records, Buffer.alloc(CRC_BYTES)]);
  const end = file.length - CRC_BYTES;
  file.writeUInt32LE(crc32(file.subarray(0, end)), end);
  return file;
}

/** Whether a file is such a log, whole or not. */
export function isLogFile(file: Uint8Array): boolean {
  return MAGIC.equals(file.subarray(0, MAGIC.length));
}

/** The encounters of a file. @throws Failure `log-malformed` */
export function parseLogFile(file: Uint8Array): Encounter[] {
  const end = file.length - CRC_BYTES;
  const records = file.subarray(MAGIC.length, end);
  const isWhole =
    isLogFile(file) &&
    end >= MAGIC.length &&
    records.length % RECORD_BYTES === 0 &&
    Buffer.from(file).readUInt32LE(end) === crc32(file.subarray(0, end));
  if (isWhole) return decodeLog(records);
  throw new Failure(
    "log-malformed",
    "The log file is not a token's log, or it is cut off or damaged; write it again.",
  );
}
