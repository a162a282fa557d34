/**
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { builtDirectory } from "../built-directory.ts";
import { Failure } from "../failure.ts";

/** Where `npm run build` puts the desk's page. */
export const PAGE_DIRECTORY = builtDirectory("companion/page");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** Encodings that a file is kept in, the best first. */
export const ENCODINGS = ["br", "gzip", "identity"] as const;

/** A file in memory. */
export interface ServedFile {
  readonly type: string;
  readonly bytes: Readonly<Record<(typeof ENCODINGS)[number], Uint8Array<ArrayBuffer>>>;
}

/**
 * Reads all files of a directory whose type is served, and compresses them. Later requests can reach nothing else.
 *
 * @returns by their path below it, with slashes
 * @throws Failure `page-missing` when there is no `required` file among them
 */
export async function readServedFiles(
  directory: string,
  required: string,
): Promise<ReadonlyMap<string, ServedFile>> {
  const names = namesIn(directory).filter((name) => extname(name) in TYPES);
  const files = await Promise.all(
    names.map(async (name) => {
      const content = new Uint8Array(readFileSync(join(directory, name)));
      return [name.replaceAll(sep, "/"), await compressed(name, content)] as const;
    }),
  );
  const served = new Map(files);
  if (served.has(required)) return served;
  throw new Failure("page-missing", "The desk's page is not built; run npm run build first.");
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}

async function compressed(name: string, content: Uint8Array<ArrayBuffer>): Promise<ServedFile> {
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    promisify(gzip)(content),
  ]);
  return {
    type: TYPES[extname(name)]!,
    bytes: { br: new Uint8Array(br), gzip: new Uint8Array(gz), identity: content },
  };
}
