import { createSign, type KeyObject } from "node:crypto";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Zip, ZipDeflate } from "fflate";
import { INTERVALS_PER_DAY } from "../protocol/intervals.ts";
import { ReportType } from "./report-types.ts";

/** Name of the signing key in export files: by custom the mobile country code, here Kazakhstan's. */
export const EXPORT_KEY_ID = "401";

const HEADER = "EK Export v1    ";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
/** Keys that are encoded, signed and compressed at a time. */
const PAGE_KEYS = 1000;

/** What an export file says of itself. */
export interface ExportHeader {
  readonly region: string;
  /** Unix seconds. */
  readonly startTimestamp: number;
  /** Unix seconds. */
  readonly endTimestamp: number;
}

/** A key as an export file has it. */
export interface ExportedKey {
  /** 16 bytes. */
  readonly keyData: Uint8Array;
  /** First interval (ENIN). */
  readonly rollingStartIntervalNumber: number;
  /** 1..144 intervals. */
  readonly rollingPeriod: number;
  /** 0..8. */
  readonly transmissionRiskLevel: number;
  /** A confirmed test unless told. */
  readonly reportType?: ReportType;
  /** -14..14. */
  readonly daysSinceOnsetOfSymptoms: number;
}

/** Content of one export file; keys are written in the order in which they come. */
export interface ExportContent extends ExportHeader {
  readonly keys: Iterable<ExportedKey>;
  readonly revisedKeys?: Iterable<ExportedKey>;
}

/** Who signs a file. */
export interface ExportSigner {
  /** Such as 1; written as `v1`. */
  readonly version: number;
  /** ECDSA P-256. */
  readonly privateKey: KeyObject;
}

/** How a signer's version is written in files. */
export function exportKeyVersion({ version }: Pick<ExportSigner, "version">): string {
  return `v${version}`;
}

/**
 * Writes and signs an export file: a zip of `export.bin` and `export.sig` (Exposure Key export file
 * format, "TemporaryExposureKeyExport" and "TEKSignatureList"). Each signature covers all of
 * export.bin, its header included. Neither the file nor its keys are ever in memory as a whole.
 *
 * @param signers newest first, at most ten
 * @returns the bytes of the zip file, in pieces of any size
 */
export function* exportFile(
  content: ExportContent,
  signers: readonly ExportSigner[],
): Generator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece);
  });
  const signatures = signers.map(({ privateKey }) => ({ privateKey, sign: createSign("sha256") }));
  const bin = addEntry(zip, "export.bin");
  for (const bytes of exportBin(content, signers)) {
    for (const { sign } of signatures) sign.update(bytes);
    bin.push(bytes);
    yield* pieces;
    pieces = [];
  }
  bin.push(new Uint8Array(), true);
  const sig = addEntry(zip, "export.sig");
  const list = signatures.map(({ privateKey, sign }) => sign.sign(privateKey));
  sig.push(signatureList(signers, list), true);
  zip.end();
  yield* pieces;
}

/** A whole export file that one key signs as version 1. */
export function writeExportFile(content: ExportContent, signingKey: KeyObject): Uint8Array {
  const pieces = exportFile(content, [{ version: 1, privateKey: signingKey }]);
  return new Uint8Array(Buffer.concat([...pieces]));
}

function addEntry(zip: Zip, name: string): ZipDeflate {
  const entry = new ZipDeflate(name);
  // A fixed time: when a file was made is nobody's business.
  entry.mtime = new Date(1980, 0, 1);
  zip.add(entry);
  return entry;
}

/** Protobuf messages may be cut anywhere between two fields. */
function* exportBin(
  content: ExportContent,
  signers: readonly ExportSigner[],
): Generator<Uint8Array> {
  const writer = new BinaryWriter().raw(Buffer.from(HEADER, "ascii"));
  writer.tag(1, WireType.Bit64).fixed64(content.startTimestamp);
  writer.tag(2, WireType.Bit64).fixed64(content.endTimestamp);
  writer.tag(3, WireType.LengthDelimited).string(content.region);
  writeBatch(writer, 4, 5);
  for (const signer of signers) {
    writer.tag(6, WireType.LengthDelimited).bytes(signatureInfo(signer));
  }
  yield writer.finish();
  yield* keyFields(7, content.keys);
  yield* keyFields(8, content.revisedKeys ?? []);
}

function* keyFields(field: number, keys: Iterable<ExportedKey>): Generator<Uint8Array> {
  let writer = new BinaryWriter();
  let count = 0;
  for (const key of keys) {
    writer.tag(field, WireType.LengthDelimited).fork();
    writeKey(writer, key);
    writer.join();
    if (++count % PAGE_KEYS === 0) {
      yield writer.finish();
      writer = new BinaryWriter();
    }
  }
  yield writer.finish();
}

function writeKey(writer: BinaryWriter, key: ExportedKey): void {
  writer.tag(1, WireType.LengthDelimited).bytes(key.keyData);
  writer.tag(2, WireType.Varint).int32(key.transmissionRiskLevel);
  if (key.rollingStartIntervalNumber !== 0) {
    writer.tag(3, WireType.Varint).int32(key.rollingStartIntervalNumber);
  }
  if (key.rollingPeriod !== INTERVALS_PER_DAY) {
    writer.tag(4, WireType.Varint).int32(key.rollingPeriod);
  }
  writer.tag(5, WireType.Varint).int32(key.reportType ?? ReportType.confirmedTest);
  writer.tag(6, WireType.Varint).sint32(key.daysSinceOnsetOfSymptoms);
}

function signatureList(
  signers: readonly ExportSigner[],
  signatures: readonly Uint8Array[],
): Uint8Array {
  const writer = new BinaryWriter();
  signers.forEach((signer, index) => {
    writer.tag(1, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).bytes(signatureInfo(signer));
    writeBatch(writer, 2, 3);
    writer.tag(4, WireType.LengthDelimited).bytes(signatures[index]!);
    writer.join();
  });
  return writer.finish();
}

/** Every file is a batch of its own: 1 of 1. */
function writeBatch(writer: BinaryWriter, numberField: number, sizeField: number): void {
  writer.tag(numberField, WireType.Varint).int32(1).tag(sizeField, WireType.Varint).int32(1);
}

function signatureInfo(signer: ExportSigner): Uint8Array {
  return new BinaryWriter()
    .tag(3, WireType.LengthDelimited)
    .string(exportKeyVersion(signer))
    .tag(4, WireType.LengthDelimited)
    .string(EXPORT_KEY_ID)
    .tag(5, WireType.LengthDelimited)
    .string(ECDSA_WITH_SHA256)
    .finish();
}
