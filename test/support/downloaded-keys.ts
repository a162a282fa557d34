import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExportCache } from "../../companion/exports/export-cache.ts";
import { keysOf } from "../../companion/exports/export-file.ts";
import type { PublishedKey } from "../../companion/exports/published-keys.ts";
import { eachPublishedKey } from "./each-published-key.ts";

/** All keys that a server publishes at the moment, verified, as a desk that has nothing yet downloads them. */
export async function downloadedKeys(
  url: string,
  pem: string,
  now: () => number,
): Promise<PublishedKey[]> {
  const directory = mkdtempSync(join(tmpdir(), "saqbol-exports-"));
  try {
    const baseUrl = `${url}/exports/`;
    const trustedKeys = [{ id: "401", version: "v1", pem }];
    const regions = [{ region: "KZ", indexUrl: `${baseUrl}KZ/index.txt`, baseUrl, trustedKeys }];
    const cache = new ExportCache({ regions, directory, now });
    await cache.update();
    return [...eachPublishedKey(keysOf(cache.files()))];
  } finally {
    rmSync(directory, { recursive: true });
  }
}
