import { WireType } from "@bufbuild/protobuf/wire";
import { Failure } from "../failure.ts";
import { withoutContradictions } from "./contradictions.ts";
import { eachField, malformed } from "./protobuf-fields.ts";
import { readPublishedKey } from "./published-key-reader.ts";
import { type PublishedKeys, PublishedKeysBuilder } from "./published-keys.ts";

/** Content of one export file. */
export interface ExportFile {
  /** Empty if absent. */
  readonly region: string;
  /** Unix seconds, 0 if absent. */
  readonly startTimestamp: number;
  /** Unix seconds, 0 if absent. */
  readonly endTimestamp: number;
  /** 1..batchSize; 1 of 1 if absent. */
  readonly batchNum: number;
  readonly batchSize: number;
  /** In the order of the file, each key with one time of validity only. */
  readonly keys: PublishedKeys;
  /** Keys published before, whose report has changed. */
  readonly revisedKeys: PublishedKeys;
}

/** A key with its period left out takes that much; room is made for as many as that gives. */
const SHORT_KEY_BYTES = 24;

const HEADER = Buffer.from("EK Export v1    ", "ascii");

const EXPORT_FIELDS = {
  1: WireType.Bit64,
  2: WireType.Bit64,
  3: WireType.LengthDelimited,
  4: WireType.Varint,
  5: WireType.Varint,
  6: WireType.LengthDelimited,
  7: WireType.LengthDelimited,
  8: WireType.LengthDelimited,
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
 * Reads export.bin (Exposure Key export file format, "TemporaryExposureKeyExport"). What it holds counts only once
 * its signature was verified.
 *
 * @returns the content, and how many SignatureInfo messages announce its signatures
 * @throws Failure `export-malformed`
 */
export function readExportBin(bin: Uint8Array): { file: ExportFile; signatureInfos: number } {
  const keys = new PublishedKeysBuilder(Math.ceil(bin.length / SHORT_KEY_BYTES));
  const revisedKeys = new PublishedKeysBuilder();
  let startTimestamp = 0;
  let endTimestamp = 0;
  let region = "";
  let batchNum: number | undefined;
  let batchSize: number | undefined;
  let signatureInfos = 0;
  eachField(bin.subarray(HEADER.length), EXPORT_FIELDS, (field, reader) => {
    if (field === 7 || field === 8) {
      const length = reader.uint32();
      const from = HEADER.length + reader.pos;
      if (from + length > bin.length) throw malformed();
      readPublishedKey(bin, from, from + length, field === 7 ? keys : revisedKeys);
      reader.pos += length;
    } else if (field === 1) startTimestamp = Number(reader.fixed64());
    else if (field === 2) endTimestamp = Number(reader.fixed64());
    else if (field === 3) region = reader.string();
    else if (field === 4) batchNum = reader.int32();
    else if (field === 5) batchSize = reader.int32();
    else {
      signatureInfos++;
      reader.bytes();
    }
  });
  if (
    !Number.isSafeInteger(startTimestamp) ||
    !Number.isSafeInteger(endTimestamp) ||
    (endTimestamp !== 0 && endTimestamp < startTimestamp)
  ) {
    throw malformed();
  }
  const file = {
    region,
    startTimestamp,
    endTimestamp,
    ...batchOf(batchNum, batchSize),
    keys: withoutContradictions(keys.finish()),
    revisedKeys: withoutContradictions(revisedKeys.finish()),
  };
  return { file, signatureInfos };
}

// A size needs a number; a number without a size means nothing.
function batchOf(batchNum: number | undefined, batchSize: number | undefined) {
  if (batchSize === undefined) return { batchNum: 1, batchSize: 1 };
  if (batchNum === undefined || batchNum < 1 || batchNum > batchSize) throw malformed();
  return { batchNum, batchSize };
}
