import { Failure } from "../failure.ts";
import { exportAddress } from "../servers/export-address.ts";
import { exchange } from "../servers/http-exchange.ts";
import { refusal } from "../servers/refusals.ts";

const MAX_INDEX_BYTES = 1024 * 1024;
const TIMEOUT_SECONDS = 15;

/** What a key server offers. */
export interface ExportIndex {
  /** Its version, if the server names any. */
  readonly etag?: string | undefined;
  /** Of the files, relative to the base address; oldest first. */
  readonly paths: readonly string[];
}

/**
 * Reads a region's index (exposure-notifications-server, "Downloading export batches"): one path a line. A server that
 * tells versions apart sends it only when it has changed.
 *
 * @param known the index so far
 * @throws Failure `region-unknown`, `export-path-refused` before any file is downloaded, or as `exchange` and `refusal` do
 */
export async function fetchIndex(
  fetch: typeof globalThis.fetch,
  address: URL,
  base: URL,
  known: ExportIndex | undefined,
): Promise<ExportIndex> {
  const { status, headers, bytes } = await exchange(
    fetch,
    address,
    { headers: known?.etag === undefined ? {} : { "if-none-match": known.etag } },
    { timeout: TIMEOUT_SECONDS, maxBytes: MAX_INDEX_BYTES },
  );
  if (status === 304 && known?.etag !== undefined) return known;
  if (status === 404) {
    throw new Failure(
      "region-unknown",
      "The key server has no exports for this region; check the region and the server address.",
    );
  }
  if (status !== 200) throw refusal(status, headers, undefined);
  const lines = Buffer.from(bytes).toString("utf8").split(/\r?\n/);
  const paths = [...new Set(lines.filter((line) => line !== ""))];
  for (const path of paths) exportAddress(base, path);
  return { etag: headers.get("etag") ?? undefined, paths };
}
