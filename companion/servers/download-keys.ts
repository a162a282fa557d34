/**
 * All that a key server publishes at the moment, verified.
 *
 * @module
 */
import type { PublishedKey, TrustedKey } from "../exports/export-file.ts";
import { readExport } from "../exports/export-file.ts";
import type { KeyServerClient } from "./key-server-client.ts";

/**
 * Downloads every export file, in order; revised keys come after the keys that they revise.
 *
 * @param trusted - keys whose signatures are believed
 * @param keep - called with each file as it came, once verified
 */
export async function downloadKeys(
  server: KeyServerClient,
  trusted: readonly TrustedKey[],
  keep?: (path: string, zip: Uint8Array) => void,
): Promise<PublishedKey[]> {
  const files: PublishedKey[][] = [];
  for (const path of await server.exportPaths()) {
    const zip = await server.download(path);
    const file = readExport(zip, trusted);
    keep?.(path, zip);
    files.push(file.keys, file.revisedKeys);
  }
  return files.flat();
}
