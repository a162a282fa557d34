/**
 * The 12 bytes in which a token keeps one encounter in flash, and the time marks between them.
 *
 * ```text
 * byte 0-6   first 7 bytes of the neighbour's RPI
 * byte 7     first byte of its AEM: version, still encrypted
 * byte 8-11  one little-endian word:
 *   bit  0-7   second byte of its AEM: transmit power, still encrypted
 *   bit  8-12  intervals since the last time mark, 0..31
 *   bit 13-17  minutes heard, 1..31; 0 makes the record a time mark
 *   bit 18-23  mean RSSI + 100, so -100..-37 dBm
 *   bit 24-26  (best RSSI - mean) / 2, so 0..14 dB
 *   bit 27-31  check: how many of the other 27 bits are zero
 * ```
 *
 * A time mark has the full interval in bytes 0-3 (little-endian), the clock epoch in byte 4, and what
 * `packMark` says in bytes 5-6.
 *
 * **Why a prefix is enough.** A year's log of 35,500 records (1,360 records of a Puck.js, replaced every
 * 14 days), checked against 1,000,000 published keys for each day and the 25 intervals that a match
 * may be off, makes 8.9e11 comparisons. Two further checks must hold for a match: the decrypted
 * version byte (5 defined values of 256) and transmit power (71 plausible values of 256). Chance
 * matches per token and year: 8.9e11 / 2^56 * 5/256 * 71/256 = 6.7e-8. The largest log, of 10,880 records on a
 * Bangle.js 2, makes it 5.3e-7.
 *
 * **Why this check is enough.** Flash bits only fall and words are written in order, so a write
 * that a power cut stops leaves too many ones. Then either the last word is still blank, or its
 * check (a Berger code, which counts zeros) has become too large for its data: it detects every
 * tear, not most.
 *
 * @module
 */

/** Length of a record in bytes. */
export const RECORD_BYTES = 12;
/** How many bytes of the RPI a record keeps. */
export const PREFIX_BYTES = 7;
/** How many bytes of RPI and AEM together a record keeps. */
export const IDENTIFIER_BYTES = 9;
/** How far after its time mark a record may lie, in intervals. */
export const MARK_SPAN = 32;
/** The most minutes that one record can hold. */
export const MAX_MINUTES = 31;

/** The lowest RSSI that a record holds is this much below 0 dBm; it is kept above that. */
export const RECORD_RSSI_OFFSET = 100;
const DATA_BITS = 27;

// Counts in parallel, because a loop over bits is slow on an interpreter.
function zerosOf(data: number): number {
  let ones = data - ((data >>> 1) & 0x55555555);
  ones = (ones & 0x33333333) + ((ones >>> 2) & 0x33333333);
  ones = (ones + (ones >>> 4)) & 0x0f0f0f0f;
  ones += ones >>> 8;
  ones += ones >>> 16;
  return DATA_BITS - (ones & 63);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

/** The last word of a record: 27 bits of data, and above them the check. May come out negative. */
export function sealWord(data: number): number {
  return data | (zerosOf(data) << DATA_BITS);
}

function seal(record: Uint8Array, fields: number): Uint8Array {
  const word = sealWord(record[8] | (fields << 8));
  record[9] = word >>> 8;
  record[10] = word >>> 16;
  record[11] = word >>> 24;
  return record;
}

/**
 * Builds a record.
 *
 * @param identifier - first 7 bytes of the RPI and first 2 of the AEM, 9 bytes
 * @param sinceMark - intervals since the last time mark, 0..31
 * @param minutes - minutes heard, 1..31
 * @param meanRssi - dBm, clamped to -100..-37
 * @param bestRssi - dBm, kept to 2 dB below its value, at most 14 dB above the mean
 */
export function packEncounter(
  identifier: Uint8Array,
  sinceMark: number,
  minutes: number,
  meanRssi: number,
  bestRssi: number,
): Uint8Array {
  const record = new Uint8Array(RECORD_BYTES);
  record.set(identifier);
  const mean = clamp(Math.round(meanRssi) + RECORD_RSSI_OFFSET, 0, 63);
  const best = clamp((bestRssi + RECORD_RSSI_OFFSET - mean) >> 1, 0, 7);
  return seal(record, sinceMark | (minutes << 5) | (mean << 10) | (best << 16));
}

/**
 * Builds a time mark for `interval` (uint32) in clock epoch `epoch` (0..255). `label` (uint16) counts in the
 * first record of a page only: what the token notes about the page, see `firmware/encounter-log.ts`.
 */
export function packMark(interval: number, epoch: number, label: number): Uint8Array {
  const record = new Uint8Array(RECORD_BYTES);
  record.set([
    interval,
    interval >>> 8,
    interval >>> 16,
    interval >>> 24,
    epoch,
    label,
    label >>> 8,
  ]);
  return seal(record, 0);
}

/** Bytes 8-11 of the record at `offset` as one unsigned number, laid out as above. */
export function recordWord(bytes: Uint8Array, offset: number): number {
  return readUint32(bytes, offset + 8);
}

/** Whether a record with this {@link recordWord} was written whole: not blank, torn or wiped. */
export function isWhole(word: number): boolean {
  return word >>> DATA_BITS === zerosOf(word & 0x7ffffff);
}

/** Minutes heard in a {@link recordWord}; 0 means that the record is a time mark. */
export function wordMinutes(word: number): number {
  return (word >>> 13) & 31;
}

/** Intervals since the last time mark in a {@link recordWord}. */
export function wordSinceMark(word: number): number {
  return (word >>> 8) & 31;
}

/** The little-endian unsigned 32-bit number at `offset`, such as a time mark's interval. */
export function readUint32(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset] |
      (bytes[offset + 1] << 8) |
      (bytes[offset + 2] << 16) |
      (bytes[offset + 3] << 24)) >>>
    0
  );
}
