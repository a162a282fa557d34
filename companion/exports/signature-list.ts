import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { WireType } from "@bufbuild/protobuf/wire";
import { Failure } from "../failure.ts";
import { eachField } from "./protobuf-fields.ts";

/** A key whose signatures on exports are believed. */
export interface TrustedKey {
  /** `verification_key_id` of the signature, such as the mobile country code `401`. */
  readonly id: string;
  /** `verification_key_version`, such as `v1`. */
  readonly version: string;
  /** ECDSA P-256 public key, SPKI in PEM. */
  readonly pem: string;
}

interface Signature {
  id: string;
  version: string;
  algorithm: string;
  bytes: Uint8Array;
}

/** ecdsa-with-SHA256 and ecdsa-with-SHA512 (RFC 5758, section 3.2). */
const HASHES = new Map([
  ["1.2.840.10045.4.3.2", "sha256"],
  ["1.2.840.10045.4.3.4", "sha512"],
]);

const NO_BYTES = new Uint8Array(0);

/**
 * Checks an export's signature (Exposure Key export file format, "TEKSignatureList"). The file only
 * names a key; the key itself always comes from `trusted`.
 *
 * @param signed the whole export.bin, header included
 * @param list the content of export.sig
 * @throws Failure `export-signer-unknown`, `export-signature-wrong`, `export-malformed` or
 *   `trusted-key-invalid`
 */
export function verifySignatureList(
  signed: Uint8Array,
  list: Uint8Array,
  trusted: readonly TrustedKey[],
): void {
  let signerKnown = false;
  for (const signature of readSignatureList(list)) {
    const hash = HASHES.get(signature.algorithm);
    const key = trusted.find(
      ({ id, version }) => id === signature.id && version === signature.version,
    );
    if (!hash || !key) continue;
    signerKnown = true;
    if (verify(hash, signed, publicKey(key), signature.bytes)) return;
  }
  if (signerKnown) {
    throw new Failure(
      "export-signature-wrong",
      "The export file does not fit its signature and was not used; download it again.",
    );
  }
  throw new Failure(
    "export-signer-unknown",
    "The export file is not signed by a key that this desk trusts; check the trusted keys.",
  );
}

function readSignatureList(bytes: Uint8Array): Signature[] {
  const signatures: Signature[] = [];
  eachField(bytes, { 1: WireType.LengthDelimited }, (_, reader) => {
    signatures.push(readSignature(reader.bytes()));
  });
  return signatures;
}

function readSignature(bytes: Uint8Array): Signature {
  const signature: Signature = { id: "", version: "", algorithm: "", bytes: NO_BYTES };
  const wire = { 1: WireType.LengthDelimited, 4: WireType.LengthDelimited };
  eachField(bytes, wire, (field, reader) => {
    if (field === 1) readSignatureInfo(reader.bytes(), signature);
    else signature.bytes = reader.bytes();
  });
  return signature;
}

/** Fields 1 and 2 are reserved: old files carry names of apps there. */
function readSignatureInfo(bytes: Uint8Array, signature: Signature): void {
  const wire = {
    3: WireType.LengthDelimited,
    4: WireType.LengthDelimited,
    5: WireType.LengthDelimited,
  };
  eachField(bytes, wire, (field, reader) => {
    if (field === 3) signature.version = reader.string();
    else if (field === 4) signature.id = reader.string();
    else signature.algorithm = reader.string();
  });
}

function publicKey(trusted: TrustedKey): KeyObject {
  try {
    const key = createPublicKey(trusted.pem);
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return key;
  } catch {
    // Reported below, like a key of another kind.
  }
  throw new Failure(
    "trusted-key-invalid",
    `The trusted key ${trusted.id}-${trusted.version} is not an ECDSA P-256 public key in PEM; correct the settings.`,
  );
}
