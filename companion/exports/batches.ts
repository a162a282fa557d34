/**
 * Batches of several files, of which all parts are needed. Source: Exposure Key export file format, `batch_num` and `batch_size`.
 *
 * @module
 */
import { Failure } from "../failure.ts";
import type { ExportFile } from "./export-bin.ts";

type Batch = Omit<ExportFile, "keys" | "revisedKeys" | "batchNum">;
/** A file of a batch, without its keys. */
export type BatchPart = Batch & Pick<ExportFile, "batchNum">;

/** The same text for all parts of a batch, and for nothing else of that region. */
export function batchOf({ region, startTimestamp, endTimestamp, batchSize }: Batch): string {
  return JSON.stringify([region, startTimestamp, endTimestamp, batchSize]);
}

/** The batches of which not all parts are among `files`, as {@link batchOf} names them. */
export function incompleteBatches(files: readonly BatchPart[]): Set<string> {
  const parts = new Map<string, Set<number>>();
  for (const file of files) {
    parts.set(batchOf(file), (parts.get(batchOf(file)) ?? new Set()).add(file.batchNum));
  }
  const isWhole = (file: Batch): boolean => parts.get(batchOf(file))?.size === file.batchSize;
  return new Set(files.filter((file) => !isWhole(file)).map(batchOf));
}

/** @throws Failure `export-batch-incomplete` unless each batch is there with all its parts */
export function requireWholeBatches(files: readonly BatchPart[]): void {
  if (incompleteBatches(files).size === 0) return;
  throw new Failure(
    "export-batch-incomplete",
    "An export comes in several files of which some are missing, so that nothing was checked; name all of them.",
  );
}
