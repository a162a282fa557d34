import { type ExportFile, readExport } from "../../companion/exports/export-file.ts";
import type { PublishedKey } from "../../companion/exports/published-keys.ts";
import type { ExportPublicKey } from "../../server/key-server.ts";
import { eachPublishedKey } from "../support/each-published-key.ts";

/** An export file as a desk reads it, its keys as objects. */
export interface ExportedFile extends Omit<ExportFile, "keys" | "revisedKeys"> {
  readonly keys: readonly PublishedKey[];
  readonly revisedKeys: readonly PublishedKey[];
}

/** Reads and verifies an export file; throws like the desk's reader. */
export function readExported(zip: Uint8Array, trusted: readonly ExportPublicKey[]): ExportedFile {
  const file = readExport(zip, trusted);
  return {
    ...file,
    keys: [...eachPublishedKey([file.keys])],
    revisedKeys: [...eachPublishedKey([file.revisedKeys])],
  };
}
