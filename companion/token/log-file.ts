/**
 * A token's log as a file, for developers: the raw records, as the token hands them over.
 *
 * @module
 */
import { decodeLog, type Encounter } from "../../protocol/encounter-log.ts";
import { RECORD_BYTES } from "../../protocol/encounter-record.ts";
import { Failure } from "../failure.ts";

const MAGIC = Buffer.from("saqbol log 1\n", "latin1");

/** A file that holds `records`. */
export function formatLogFile(records: Uint8Array): Uint8Array {
  return Buffer.concat([MAGIC, records]);
}

/** Whether a file is such a log, whole or not. */
export function isLogFile(file: Uint8Array): boolean {
  return MAGIC.equals(file.subarray(0, MAGIC.length));
}

/** The encounters of a file. @throws Failure `log-malformed` */
export function parseLogFile(file: Uint8Array): Encounter[] {
  const records = file.subarray(MAGIC.length);
  if (!isLogFile(file) || records.length % RECORD_BYTES !== 0) {
    throw new Failure(
      "log-malformed",
      "The log file is not a token's log, or it is cut off; write it again.",
    );
  }
  return decodeLog(records);
}
