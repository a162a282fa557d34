import { type KeyObject, verify } from "node:crypto";
import { WireType } from "@bufbuild/protobuf/wire";
import { Failure } from "../failure.ts";
import { eachField, malformed } from "./protobuf-fields.ts";
import { readPublicKey } from "./public-key.ts";

/** A key whose signatures on exports are believed. */
export interface TrustedKey {
  /** `verification_key_id` of the signature, such as the mobile country code `401`. */
  readonly id: string;
  /** `verification_key_version`, such as `v1`. */
  readonly version: string;
  /** ECDSA P-256 public key, SPKI in PEM. */
  readonly pem: string;
}

/** One signature of an export, and the key that it says it was made with. */
export interface ExportSignature {
  readonly id: string;
  readonly version: string;
  /** OID. */
  readonly algorithm: string;
  /** ECDSA signature in DER. */
  readonly bytes: Uint8Array;
}

/** ecdsa-with-SHA256 and ecdsa-with-SHA512 (RFC 5758, section 3.2). */
const HASHES = new Map([
  ["1.2.840.10045.4.3.2", "sha256"],
  ["1.2.840.10045.4.3.4", "sha512"],
]);

/** As many as phones look at. */
const MAX_SIGNATURES = 10;

const NO_BYTES = new Uint8Array(0);

/**
 * Checks an export's signature (Exposure Key export file format, "TEKSignatureList"). The file only
 * names a key; the key itself always comes from `trusted`. One signature by a trusted key is enough, so that a key
 * server can change its key by signing with the old and the new one for a while.
 *
 * @param signed the whole export.bin, header included
 * @throws Failure `export-unsigned`, `export-signer-unknown`, `export-signature-wrong` or `trusted-key-invalid`
 */
export function verifySignatures(
  signed: Uint8Array,
  signatures: readonly ExportSignature[],
  trusted: readonly TrustedKey[],
): void {
  if (signatures.length === 0) throw unsigned();
  let signerKnown = false;
  for (const signature of signatures) {
    for (const key of trusted) {
      if (key.id !== signature.id || key.version !== signature.version) continue;
      if (!HASHES.has(signature.algorithm)) continue;
      signerKnown = true;
      if (fits(signed, signature, publicKeyOf(key.pem, `${key.id}-${key.version}`))) return;
    }
  }
  if (signerKnown) {
    throw new Failure(
      "export-signature-wrong",
      "The export file does not fit its signature and was not used; download it again, and check the trusted key if that does not help.",
    );
  }
  throw new Failure(
    "export-signer-unknown",
    "The export file is not signed by a key that this desk trusts; check the trusted keys.",
  );
}

/**
 * Whether any of the signatures was made with this key, whatever key they name.
 *
 * @param pem ECDSA P-256 public key, SPKI in PEM
 * @throws Failure `trusted-key-invalid`
 */
export function isSignedWith(
  signed: Uint8Array,
  signatures: readonly ExportSignature[],
  pem: string,
): boolean {
  const key = publicKeyOf(pem, "given");
  return signatures.some((signature) => fits(signed, signature, key));
}

/**
 * Reads export.sig.
 *
 * @throws Failure `export-malformed`, also for more than 10 signatures, which phones refuse too
 */
export function readSignatureList(bytes: Uint8Array): ExportSignature[] {
  const signatures: ExportSignature[] = [];
  eachField(bytes, { 1: WireType.LengthDelimited }, (_, reader) => {
    signatures.push(readSignature(reader.bytes()));
    if (signatures.length > MAX_SIGNATURES) throw malformed();
  });
  return signatures;
}

/** The Failure for a file without signature. */
export function unsigned(): Failure {
  return new Failure(
    "export-unsigned",
    "The export file carries no signature and was not used; use only files of the key server.",
  );
}

function fits(signed: Uint8Array, { algorithm, bytes }: ExportSignature, key: KeyObject): boolean {
  const hash = HASHES.get(algorithm);
  return hash !== undefined && verify(hash, signed, key, bytes);
}

function readSignature(bytes: Uint8Array): ExportSignature {
  let name = { id: "", version: "", algorithm: "" };
  let signature: Uint8Array = NO_BYTES;
  const wire = { 1: WireType.LengthDelimited, 4: WireType.LengthDelimited };
  eachField(bytes, wire, (field, reader) => {
    if (field === 1) name = readSignatureInfo(reader.bytes());
    else signature = reader.bytes();
  });
  return { ...name, bytes: signature };
}

/** Fields 1 and 2 are reserved: old files carry names of apps there. */
function readSignatureInfo(bytes: Uint8Array) {
  const name = { id: "", version: "", algorithm: "" };
  const wire = {
    3: WireType.LengthDelimited,
    4: WireType.LengthDelimited,
    5: WireType.LengthDelimited,
  };
  eachField(bytes, wire, (field, reader) => {
    if (field === 3) name.version = reader.string();
    else if (field === 4) name.id = reader.string();
    else name.algorithm = reader.string();
  });
  return name;
}

function publicKeyOf(pem: string, name: string): KeyObject {
  const key = readPublicKey(pem);
  if (key) return key;
  throw new Failure(
    "trusted-key-invalid",
    `The public key (${name}) is not an ECDSA P-256 public key in PEM; name the file that the key server's operator gives out.`,
  );
}
