/**
 * The cache of exports that commands use.
 *
 * @module
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { exportsNotConnected } from "../desk/current-exports.ts";
import { ExportCache } from "../exports/export-cache.ts";
import type { Settings } from "../settings/settings.ts";
import { systemTime } from "./token-options.ts";

/** The cache for all regions of the settings. @throws Failure `exports-not-connected` without any */
export function exportCacheOf({ exports }: Settings): ExportCache {
  if (exports.length === 0) throw exportsNotConnected();
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return new ExportCache({
    regions: exports,
    directory: join(caches, "saqbol", "exports"),
    now: systemTime,
  });
}
