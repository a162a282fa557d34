/**
 * The cache of exports that commands use.
 *
 * @module
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { ExportCache } from "../exports/export-cache.ts";
import { Failure } from "../failure.ts";
import type { Settings } from "../settings/settings.ts";
import { systemTime } from "./token-options.ts";

/** The cache for all regions of the settings. @throws Failure `exports-not-connected` without any */
export function exportCacheOf({ exports }: Settings): ExportCache {
  if (exports.length === 0) {
    throw new Failure(
      "exports-not-connected",
      "The settings name no exports, so that no token can be checked; add `exports` to them.",
    );
  }
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return new ExportCache({
    regions: exports,
    directory: join(caches, "saqbol", "exports"),
    now: systemTime,
  });
}
