import { Failure } from "../failure.ts";
import { checkHeader, type ExportFile, readExportBin } from "./export-bin.ts";
import type { PublishedKeys } from "./published-keys.ts";
import {
  type ExportSignature,
  isSignedWith,
  readSignatureList,
  type TrustedKey,
  unsigned,
  verifySignatures,
} from "./signature-list.ts";
import { readZip } from "./zip-container.ts";

export type { ExportFile } from "./export-bin.ts";
export type { PublishedKey, PublishedKeys } from "./published-keys.ts";
export type { TrustedKey } from "./signature-list.ts";

/** What can be said about a file's signature: `unverified` when there is none, or no key to check it with. */
export type SignatureState = "verified" | "unverified" | "invalid";

/** A file looked at, whoever made it. Its keys are not to be matched. */
export interface ExportInspection {
  readonly file: ExportFile;
  readonly state: SignatureState;
  readonly signatures: readonly ExportSignature[];
}

/**
 * Reads an export of a key server: a zip of `export.bin` and `export.sig` (Exposure Key export file
 * format, version 1). The signature is verified before anything in export.bin is interpreted. Like phones, it takes a
 * file only when export.bin announces as many signatures as export.sig holds.
 *
 * @param zip the file as downloaded
 * @param trusted the keys whose signatures count
 * @throws Failure `export-not-a-zip` (also when truncated or damaged), `export-entries-wrong`,
 *   `export-zip-unsupported`, `export-too-large`, `export-header-wrong`, `export-unsigned`,
 *   `export-signer-unknown`, `export-signature-wrong`, `export-signatures-uneven`, `export-malformed`, or
 *   `trusted-key-invalid` for the settings
 */
export function readExport(zip: Uint8Array, trusted: readonly TrustedKey[]): ExportFile {
  const { bin, sig } = readZip(zip);
  checkHeader(bin);
  if (!sig) throw unsigned();
  const signatures = readSignatureList(sig);
  verifySignatures(bin, signatures, trusted);
  const { file, signatureInfos } = readExportBin(bin);
  if (signatureInfos === signatures.length) return file;
  throw new Failure(
    "export-signatures-uneven",
    "The export file announces another number of signatures than it has, and was not used; tell the key server's operator.",
  );
}

/**
 * Looks into an export file, signed or not.
 *
 * @param pem the public key that should have signed it, under whatever name
 * @throws Failure as {@link readExport}, but for what the state tells
 */
export function inspectExport(zip: Uint8Array, pem: string | undefined): ExportInspection {
  const { bin, sig } = readZip(zip);
  checkHeader(bin);
  const signatures = sig ? readSignatureList(sig) : [];
  const { file, signatureInfos } = readExportBin(bin);
  const verified =
    pem !== undefined && isSignedWith(bin, signatures, pem) && signatureInfos === signatures.length;
  const checkable = pem !== undefined && signatures.length > 0;
  const state = verified ? "verified" : checkable ? "invalid" : "unverified";
  return { file, state, signatures };
}

/** The keys of files in the order in which they count: of each file its keys, then its revised keys. */
export function* keysOf(files: Iterable<ExportFile>): Generator<PublishedKeys> {
  for (const { keys, revisedKeys } of files) {
    yield keys;
    yield revisedKeys;
  }
}
