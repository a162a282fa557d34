import { WireType } from "@bufbuild/protobuf/wire";
import { INTERVALS_PER_DAY } from "../../protocol/intervals.ts";
import { eachField, malformed } from "./protobuf-fields.ts";
import { NO_ONSET, type PublishedKey, type PublishedKeysBuilder } from "./published-keys.ts";

const KEY_BYTES = 16;

const KEY_FIELDS = {
  1: WireType.LengthDelimited,
  2: WireType.Varint,
  3: WireType.Varint,
  4: WireType.Varint,
  5: WireType.Varint,
  6: WireType.Varint,
};

/** Tags as they stand before the fields: number and wire type in one byte. */
const KEY_DATA = (1 << 3) | WireType.LengthDelimited;
const TRANSMISSION_RISK_LEVEL = 2 << 3;
const ROLLING_START = 3 << 3;
const ROLLING_PERIOD = 4 << 3;
const REPORT_TYPE = 5 << 3;
const DAYS_SINCE_ONSET = 6 << 3;

/**
 * Reads one key (Exposure Key export file format, "TemporaryExposureKey") in place. Keys as servers write them are read
 * by hand, three times as fast as with the library, so that reading takes little time beside matching; the library reads
 * whatever is written otherwise.
 *
 * @param bin - holds the message from `from` up to `to`
 * @param keys - gets the key
 * @throws Failure `export-malformed`
 */
export function readPublishedKey(
  bin: Uint8Array,
  from: number,
  to: number,
  keys: PublishedKeysBuilder,
): void {
  if (!readUsual(bin, from, to, keys)) keys.add(readAny(bin.subarray(from, to)));
}

// Only keys of 16 bytes, fields numbered below 16 and numbers below 2^28; false, with nothing read, for any other.
function readUsual(bin: Uint8Array, from: number, to: number, keys: PublishedKeysBuilder): boolean {
  let keyAt = -1;
  let risk = 0;
  let start = 0;
  let period = INTERVALS_PER_DAY;
  let reportType = 0;
  let onset = NO_ONSET;
  let at = from;
  while (at < to) {
    const tag = bin[at++] as number;
    if (tag === KEY_DATA) {
      if (bin[at] !== KEY_BYTES) return false;
      keyAt = at + 1;
      at = keyAt + KEY_BYTES;
      continue;
    }
    if (tag < 1 << 3 || tag >= 1 << 7 || (tag & 7) !== WireType.Varint) return false;
    let byte = bin[at++] as number;
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (shift > 21) return false;
      byte = bin[at++] as number;
      value |= (byte & 0x7f) << shift;
    }
    if (tag === ROLLING_START) start = value;
    else if (tag === ROLLING_PERIOD) period = value;
    else if (tag === TRANSMISSION_RISK_LEVEL) risk = value;
    else if (tag === REPORT_TYPE) reportType = value;
    else if (tag === DAYS_SINCE_ONSET) onset = (value >>> 1) ^ -(value & 1);
  }
  // Beyond the end everything read is wrong; the library says so.
  if (at !== to || keyAt < 0 || period < 1 || period > INTERVALS_PER_DAY) return false;
  keys.addFields(bin, keyAt, start, period, risk, reportType, onset);
  return true;
}

/** Reads one key with the library. @throws Failure `export-malformed` */
export function readAny(bytes: Uint8Array): PublishedKey {
  let keyData: Uint8Array | undefined;
  let transmissionRiskLevel = 0;
  let rollingStartIntervalNumber = 0;
  let rollingPeriod = INTERVALS_PER_DAY;
  let reportType = 0;
  let daysSinceOnsetOfSymptoms: number | undefined;
  eachField(bytes, KEY_FIELDS, (field, reader) => {
    if (field === 1) keyData = reader.bytes();
    else if (field === 2) transmissionRiskLevel = reader.int32();
    else if (field === 3) rollingStartIntervalNumber = reader.int32();
    else if (field === 4) rollingPeriod = reader.int32();
    else if (field === 5) reportType = reader.int32();
    else daysSinceOnsetOfSymptoms = reader.sint32();
  });
  if (
    keyData?.length !== KEY_BYTES ||
    rollingStartIntervalNumber < 0 ||
    rollingPeriod < 1 ||
    rollingPeriod > INTERVALS_PER_DAY
  ) {
    throw malformed();
  }
  return {
    keyData,
    rollingStartIntervalNumber,
    rollingPeriod,
    transmissionRiskLevel,
    reportType,
    ...(daysSinceOnsetOfSymptoms !== undefined && { daysSinceOnsetOfSymptoms }),
  };
}
