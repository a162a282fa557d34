import { WireType } from "@bufbuild/protobuf/wire";
import { Failure } from "../failure.ts";
import { eachField, malformed } from "./protobuf-fields.ts";
import type { PublishedKey } from "./published-keys.ts";

/** Content of one export file. */
export interface ExportFile {
  readonly region: string;
  /** Unix seconds. */
  readonly startTimestamp: number;
  /** Unix seconds. */
  readonly endTimestamp: number;
  /** 1..batchSize. */
  readonly batchNum: number;
  readonly batchSize: number;
  readonly keys: PublishedKey[];
  /** Keys published before, whose report has changed. */
  readonly revisedKeys: PublishedKey[];
}

const HEADER = Buffer.from("EK Export v1    ", "ascii");
const KEY_BYTES = 16;
const FULL_DAY = 144;

const EXPORT_FIELDS = {
  1: WireType.Bit64,
  2: WireType.Bit64,
  3: WireType.LengthDelimited,
  4: WireType.Varint,
  5: WireType.Varint,
  7: WireType.LengthDelimited,
  8: WireType.LengthDelimited,
};

const KEY_FIELDS = {
  1: WireType.LengthDelimited,
  2: WireType.Varint,
  3: WireType.Varint,
  4: WireType.Varint,
  5: WireType.Varint,
  6: WireType.Varint,
};

/** @throws Failure `export-header-wrong` unless the file begins as version 1 of the format does */
export function checkHeader(bin: Uint8Array): void {
  if (HEADER.equals(bin.subarray(0, HEADER.length))) return;
  throw new Failure(
    "export-header-wrong",
    "The export file has another format than version 1; this desk may need a newer version.",
  );
}

/**
 * Reads export.bin (Exposure Key export file format, "TemporaryExposureKeyExport"). To be called
 * with bytes whose signature was verified.
 *
 * @throws Failure `export-malformed`
 */
export function readExportBin(bin: Uint8Array): ExportFile {
  const keys: PublishedKey[] = [];
  const revisedKeys: PublishedKey[] = [];
  let startTimestamp = 0;
  let endTimestamp = 0;
  let region = "";
  // A file without batch numbers is a batch of its own.
  let batchNum = 1;
  let batchSize = 1;
  eachField(bin.subarray(HEADER.length), EXPORT_FIELDS, (field, reader) => {
    if (field === 1) startTimestamp = Number(reader.fixed64());
    else if (field === 2) endTimestamp = Number(reader.fixed64());
    else if (field === 3) region = reader.string();
    else if (field === 4) batchNum = reader.int32();
    else if (field === 5) batchSize = reader.int32();
    else if (field === 7) keys.push(readKey(reader.bytes()));
    else revisedKeys.push(readKey(reader.bytes()));
  });
  if (
    !Number.isSafeInteger(startTimestamp) ||
    !Number.isSafeInteger(endTimestamp) ||
    endTimestamp < startTimestamp ||
    batchNum < 1 ||
    batchNum > batchSize
  ) {
    throw malformed();
  }
  return { region, startTimestamp, endTimestamp, batchNum, batchSize, keys, revisedKeys };
}

function readKey(bytes: Uint8Array): PublishedKey {
  let keyData: Uint8Array | undefined;
  let transmissionRiskLevel = 0;
  let rollingStartIntervalNumber = 0;
  let rollingPeriod = FULL_DAY;
  let reportType = 0;
  let daysSinceOnsetOfSymptoms: number | undefined;
  eachField(bytes, KEY_FIELDS, (field, reader) => {
    // Copied, so that one key does not keep the whole file in memory.
    if (field === 1) keyData = new Uint8Array(reader.bytes());
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
    rollingPeriod > FULL_DAY
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
