import { checkHeader, type ExportFile, readExportBin } from "./export-bin.ts";
import { type TrustedKey, verifySignatureList } from "./signature-list.ts";
import { readZip } from "./zip-container.ts";

export type { ExportFile } from "./export-bin.ts";
export type { PublishedKey } from "./published-keys.ts";
export type { TrustedKey } from "./signature-list.ts";

/**
 * Reads an export of a key server: a zip of `export.bin` and `export.sig` (Exposure Key export file
 * format, version 1). The signature is verified before anything in export.bin is interpreted.
 *
 * @param zip the file as downloaded
 * @param trusted the keys whose signatures count
 * @throws Failure `export-not-a-zip` (also when truncated or damaged), `export-entries-wrong`,
 *   `export-too-large`, `export-header-wrong`, `export-signer-unknown`, `export-signature-wrong`,
 *   `export-malformed`, or `trusted-key-invalid` for the settings
 */
export function readExport(zip: Uint8Array, trusted: readonly TrustedKey[]): ExportFile {
  const entries = readZip(zip, ["export.bin", "export.sig"]);
  const bin = entries["export.bin"];
  checkHeader(bin);
  verifySignatureList(bin, entries["export.sig"], trusted);
  return readExportBin(bin);
}
