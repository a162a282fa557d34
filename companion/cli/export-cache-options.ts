/**
 * The cache of exports that commands use.
 *
 * @module
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { ExportCache } from "../exports/export-cache.ts";
import { type TrustedKeyValues, trustedKeyOf } from "./options.ts";
import { systemTime } from "./token-options.ts";

/**
 * The cache for a server that has its exports where ours has them.
 *
 * @throws Failure `file-unreadable`, `server-address-invalid`
 */
export function exportCacheOf(
  values: TrustedKeyValues & { readonly server: string; readonly region: string },
): ExportCache {
  const baseUrl = `${values.server.replace(/\/$/, "")}/exports/`;
  const indexUrl = `${baseUrl}${values.region}/index.txt`;
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return new ExportCache({
    regions: [{ region: values.region, indexUrl, baseUrl, trustedKeys: [trustedKeyOf(values)] }],
    directory: join(caches, "saqbol", "exports"),
    now: systemTime,
  });
}
