import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { onTestFinished } from "vitest";

/** Below node_modules, so that the one package with native code is found. */
const CACHE = "node_modules/.cache";

/**
 * Puts the server into a few files, which start in half the time: it is started hundreds of times.
 *
 * @returns the directory of main.js, gone at the end of the test
 */
export async function bundleServer(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const outdir = mkdtempSync(join(CACHE, "saqbol-server-"));
  onTestFinished(() => rmSync(outdir, { recursive: true, force: true }));
  await build({
    entryPoints: ["server/main.ts", "server/upkeep-worker.ts"],
    outdir,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["libsql"],
    // For the packages among them that are CommonJS.
    banner: {
      js: 'import { createRequire as forBundle } from "node:module"; const require = forBundle(import.meta.url);',
    },
    logLevel: "error",
  });
  return outdir;
}
