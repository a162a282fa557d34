import { createSign, type KeyObject } from "node:crypto";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { zipSync } from "fflate";
import { INTERVALS_PER_DAY } from "../protocol/intervals.ts";
import type { TemporaryExposureKey } from "./temporary-exposure-keys.ts";

/** Name of the signing key in export files: by custom the mobile country code, here Kazakhstan's. */
const EXPORT_KEY_ID = "401";
const EXPORT_KEY_VERSION = "v1";

const HEADER = "EK Export v1    ";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const REPORT_TYPE_CONFIRMED_TEST = 1;

/** Content of one export file. */
export interface ExportContent {
  readonly region: string;
  /** Unix seconds. */
  readonly startTimestamp: number;
  /** Unix seconds. */
  readonly endTimestamp: number;
  /** In the order in which they are written. */
  readonly keys: readonly TemporaryExposureKey[];
}

/**
 * Writes and signs an export file: a zip of `export.bin` and `export.sig` (Exposure Key export file
 * format, "TemporaryExposureKeyExport" and "TEKSignatureList"). The signature covers all of
 * export.bin, its header included.
 *
 * @param signingKey ECDSA P-256 private key
 */
export function writeExportFile(content: ExportContent, signingKey: KeyObject): Uint8Array {
  const bin = exportBin(content);
  const signature = createSign("sha256").update(bin).sign(signingKey);
  return zipSync(
    { "export.bin": bin, "export.sig": signatureList(signature) },
    // A fixed time: when a file was made is nobody's business.
    { mtime: new Date(1980, 0, 1) },
  );
}

function exportBin(content: ExportContent): Uint8Array {
  const writer = new BinaryWriter().raw(Buffer.from(HEADER, "ascii"));
  writer.tag(1, WireType.Bit64).fixed64(content.startTimestamp);
  writer.tag(2, WireType.Bit64).fixed64(content.endTimestamp);
  writer.tag(3, WireType.LengthDelimited).string(content.region);
  writeBatch(writer, 4, 5);
  writer.tag(6, WireType.LengthDelimited).bytes(signatureInfo());
  for (const key of content.keys) {
    writer.tag(7, WireType.LengthDelimited).fork();
    writeKey(writer, key);
    writer.join();
  }
  return writer.finish();
}

function writeKey(writer: BinaryWriter, key: TemporaryExposureKey): void {
  writer.tag(1, WireType.LengthDelimited).bytes(key.keyData);
  writer.tag(2, WireType.Varint).int32(key.transmissionRiskLevel);
  if (key.rollingStartIntervalNumber !== 0) {
    writer.tag(3, WireType.Varint).int32(key.rollingStartIntervalNumber);
  }
  if (key.rollingPeriod !== INTERVALS_PER_DAY) {
    writer.tag(4, WireType.Varint).int32(key.rollingPeriod);
  }
  writer.tag(5, WireType.Varint).int32(REPORT_TYPE_CONFIRMED_TEST);
  writer.tag(6, WireType.Varint).sint32(key.daysSinceOnsetOfSymptoms);
}

function signatureList(signature: Uint8Array): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).bytes(signatureInfo());
  writeBatch(writer, 2, 3);
  writer.tag(4, WireType.LengthDelimited).bytes(signature);
  return writer.join().finish();
}

/** Every file is a batch of its own: 1 of 1. */
function writeBatch(writer: BinaryWriter, numberField: number, sizeField: number): void {
  writer.tag(numberField, WireType.Varint).int32(1).tag(sizeField, WireType.Varint).int32(1);
}

function signatureInfo(): Uint8Array {
  return new BinaryWriter()
    .tag(3, WireType.LengthDelimited)
    .string(EXPORT_KEY_VERSION)
    .tag(4, WireType.LengthDelimited)
    .string(EXPORT_KEY_ID)
    .tag(5, WireType.LengthDelimited)
    .string(ECDSA_WITH_SHA256)
    .finish();
}
