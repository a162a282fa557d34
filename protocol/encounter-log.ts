/**
 * Reads a token's log back: the desk's side of {@link ./encounter-record.ts}.
 *
 * @module
 */
import {
  IDENTIFIER_BYTES,
  isWhole,
  PREFIX_BYTES,
  RECORD_BYTES,
  RECORD_RSSI_OFFSET,
  readUint32,
  recordWord,
  wordMinutes,
  wordSinceMark,
} from "./encounter-record.ts";

/** One encounter as a token logged it. */
export interface Encounter {
  /** First 7 bytes of the neighbour's RPI. */
  readonly rpiPrefix: Uint8Array;
  /** First 2 bytes of its AEM, encrypted. */
  readonly aemPrefix: Uint8Array;
  /** Interval in which this stretch of hearing the neighbour began, by the token's clock. */
  readonly interval: number;
  /** Clock epoch of the token: raised each time its clock had to be guessed or was set anew. */
  readonly epoch: number;
  /** Minutes heard, 1..31: the time between scans, summed over the scans that heard it. */
  readonly minutes: number;
  /** Mean RSSI of all packets in dBm, -100..-37. */
  readonly meanRssi: number;
  /** Strongest RSSI in dBm, to 2 dB. */
  readonly bestRssi: number;
}

/**
 * Decodes records in the order of the log. Blank, torn and wiped records are skipped, and so are
 * encounters before the first time mark, whose time nobody can know. Never throws; trailing bytes
 * that do not fill a record are ignored.
 */
export function decodeLog(bytes: Uint8Array): Encounter[] {
  const encounters: Encounter[] = [];
  let mark = -1;
  let epoch = 0;
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const word = recordWord(bytes, at);
    if (!isWhole(word)) continue;
    const minutes = wordMinutes(word);
    if (minutes === 0) {
      mark = readUint32(bytes, at);
      epoch = bytes[at + 4];
    } else if (mark >= 0) {
      const meanRssi = ((word >>> 18) & 63) - RECORD_RSSI_OFFSET;
      encounters.push({
        rpiPrefix: bytes.slice(at, at + PREFIX_BYTES),
        aemPrefix: bytes.slice(at + PREFIX_BYTES, at + IDENTIFIER_BYTES),
        interval: mark + wordSinceMark(word),
        epoch,
        minutes,
        meanRssi,
        bestRssi: meanRssi + 2 * ((word >>> 24) & 7),
      });
    }
  }
  return encounters;
}
