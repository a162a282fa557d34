import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { zipSync } from "fflate";
import { Failure } from "../../../companion/failure.ts";

export const SHA256 = "1.2.840.10045.4.3.2";
export const SHA512 = "1.2.840.10045.4.3.4";
export const HEADER = "EK Export v1    ";

export function keyPair(namedCurve = "P-256"): { privateKey: KeyObject; pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  return { privateKey, pem: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

export const signer = keyPair();
export const trusted = [{ id: "401", version: "v1", pem: signer.pem }];

/** A protobuf message from a function that writes its fields. */
export function message(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

export function bytesField(writer: BinaryWriter, field: number, bytes: Uint8Array | string): void {
  writer.tag(field, WireType.LengthDelimited).bytes(Buffer.from(bytes));
}

export function intField(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int32(value);
}

/** export.bin with two timestamps, announced signatures and whatever else is written. */
export function exportBin(
  write: (writer: BinaryWriter) => void = () => {},
  signatures = 1,
): Uint8Array {
  const body = message((writer) => {
    writer.tag(1, WireType.Bit64).fixed64(1_600_000_000);
    writer.tag(2, WireType.Bit64).fixed64(1_600_014_400);
    bytesField(writer, 3, "KZ");
    for (let i = 0; i < signatures; i++) bytesField(writer, 6, signatureInfo());
    write(writer);
  });
  return Buffer.concat([Buffer.from(HEADER), body]);
}

/** A SignatureInfo, with reserved fields as old files have them. */
export function signatureInfo(signing: Signing = {}): Uint8Array {
  const { id = "401", version = "v1", oid = SHA256 } = signing;
  return message((writer) => {
    bytesField(writer, 1, "kz.saqbol.app");
    bytesField(writer, 2, "kz.saqbol.app");
    bytesField(writer, 3, version);
    bytesField(writer, 4, id);
    bytesField(writer, 5, oid);
  });
}

export interface Signing {
  id?: string;
  version?: string;
  oid?: string;
  hash?: string;
  key?: KeyObject;
}

/** One TEKSignature over `bin`. */
export function tekSignature(bin: Uint8Array, signing: Signing = {}): Uint8Array {
  const { hash = "sha256" } = signing;
  const signature = createSign(hash)
    .update(bin)
    .sign(signing.key ?? signer.privateKey);
  return message((writer) => {
    bytesField(writer, 1, signatureInfo(signing));
    intField(writer, 2, 1);
    intField(writer, 3, 1);
    bytesField(writer, 4, signature);
  });
}

/** export.sig. */
export function signatureList(signatures: readonly Uint8Array[]): Uint8Array {
  return message((writer) => {
    for (const signature of signatures) bytesField(writer, 1, signature);
  });
}

/** A zip of export.bin and an export.sig with these signatures. */
export function zipped(bin: Uint8Array, signatures = [tekSignature(bin)]): Uint8Array {
  return zipSync({ "export.bin": bin, "export.sig": signatureList(signatures) });
}

/** The code of the Failure that is thrown; anything else thrown is an error of the test. */
export function failureCode(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return "no failure";
}
