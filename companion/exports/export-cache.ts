/**
 * All exports that a desk needs, on its disk: what the key servers of its regions have published in the last 14 days.
 *
 * @module
 */
import { readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { cacheUnwritable } from "./cache-failures.ts";
import type { ExportFile } from "./export-file.ts";
import { type CachedFile, type ExportRegion, RETENTION, RegionCache } from "./region-cache.ts";

export type { CachedFile, ExportRegion } from "./region-cache.ts";

/** What a cache needs. */
export interface ExportCacheSettings {
  readonly regions: readonly ExportRegion[];
  /** Where to keep the files; made if it is not there. */
  readonly directory: string;
  /** Unix seconds. */
  readonly now: () => number;
  /** For tests; the global one unless told. */
  readonly fetch?: typeof globalThis.fetch;
}

/** What an update has done. */
export interface UpdateSummary {
  /** All that can be used now, oldest first. */
  readonly files: readonly CachedFile[];
  /** Keys and revised keys in them. */
  readonly keys: number;
  /** Files that wait for other parts of their batch. */
  readonly waiting: number;
  /** Files and bytes that were downloaded now. */
  readonly downloaded: number;
  readonly bytes: number;
  /** Files that were deleted now. */
  readonly deleted: number;
}

/** See the module's description. Several programs may use one directory. */
export class ExportCache {
  readonly #regions: readonly RegionCache[];
  readonly #directory: string;
  readonly #now: () => number;

  /** @throws Failure `server-address-invalid` */
  constructor({ regions, directory, now, fetch = globalThis.fetch }: ExportCacheSettings) {
    this.#regions = regions.map((region) => new RegionCache(region, directory, now, fetch));
    this.#directory = directory;
    this.#now = now;
  }

  /**
   * Downloads what the indexes name and the cache does not hold, and deletes what is too old or no longer named. One
   * region or file that fails does not keep the others from being downloaded.
   *
   * @param progress - gets how many files, with fractions, of how many are there
   * @throws the first Failure, once all was tried: not everything that was published is here then. Codes are those
   *   of `fetchIndex`, `download` and `readExport`, and `export-region-wrong`
   */
  async update(progress: (done: number, total: number) => void = () => {}): Promise<UpdateSummary> {
    const failures: Failure[] = [];
    const keepFailure = (error: unknown): void => {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    };
    const tasks: Task[] = [];
    for (const region of this.#regions) {
      try {
        await region.readIndex();
        tasks.push({ region, paths: region.missing(), indexIsFresh: false });
      } catch (error) {
        keepFailure(error);
      }
    }
    let downloaded = 0;
    let bytes = 0;
    let done = 0;
    for (const task of tasks) {
      for (let path = task.paths.shift(); path !== undefined; path = task.paths.shift()) {
        const total = done + 1 + tasks.reduce((sum, { paths }) => sum + paths.length, 0);
        try {
          bytes += await task.region.fetchFile(path, (part) => progress(done + part, total));
          downloaded++;
        } catch (error) {
          if (await isOutOfDate(task, error)) continue;
          keepFailure(error);
          // A file may be wrong by itself; where the server fails, the next file would have to wait as long.
          if (!(error as Failure).code.startsWith("export-")) task.paths = [];
        }
        progress(++done, total);
      }
    }
    const deleted = this.#tidy();
    const [failure] = failures;
    if (failure) throw failure;
    const files = this.#usable();
    return {
      files: files.map(({ file }) => file),
      keys: files.reduce((sum, { file }) => sum + file.keys + file.revisedKeys, 0),
      waiting: this.#regions.reduce((sum, region) => sum + region.files().waiting.length, 0),
      downloaded,
      bytes,
      deleted,
    };
  }

  /**
   * Reads all usable files, oldest first, of all regions together; each is verified again and only one is in memory at
   * a time. Of a batch of several files all parts are verified before the first is given out. Without an update, these
   * are the files that the last one has left.
   *
   * @throws Failure `export-cache-damaged`, after which the next update downloads the file once more
   */
  *files(): Generator<ExportFile> {
    const checked = new Set<string>();
    const usable = this.#usable();
    for (const { region, file } of usable) {
      if (file.batchSize > 1 && !checked.has(file.batch)) {
        const parts = usable.filter((part) => part.file.batch === file.batch);
        for (const part of parts) region.read(part.file);
        checked.add(file.batch);
      }
      yield region.read(file);
    }
  }

  #usable(): { region: RegionCache; file: CachedFile }[] {
    return this.#regions
      .flatMap((region) => region.files().usable.map((file) => ({ region, file })))
      .sort(
        ({ file: a }, { file: b }) =>
          a.endTimestamp - b.endTimestamp ||
          a.startTimestamp - b.startTimestamp ||
          a.batchNum - b.batchNum,
      );
  }

  #tidy(): number {
    let deleted = 0;
    for (const region of this.#regions) {
      try {
        deleted += region.sweep();
        region.save();
      } catch (error) {
        // Where there is no directory, there is nothing to tidy.
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw cacheUnwritable(error);
      }
    }
    this.#sweepFormerRegions();
    return deleted;
  }

  // Regions that are no longer in the settings.
  #sweepFormerRegions(): void {
    const own = new Set(this.#regions.map((region) => region.directoryName));
    unlessGone(() => {
      for (const entry of readdirSync(this.#directory, { withFileTypes: true })) {
        if (!entry.isDirectory() || own.has(entry.name)) continue;
        unlessGone(() => this.#sweepFormerRegion(join(this.#directory, entry.name)));
      }
    });
  }

  #sweepFormerRegion(directory: string): void {
    for (const file of readdirSync(directory)) {
      const path = join(directory, file);
      const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (modified / 1000 >= this.#now() - RETENTION) continue;
      rmSync(path, { force: true, recursive: true });
    }
    if (readdirSync(directory).length === 0) rmdirSync(directory);
  }
}

/** What is to be downloaded for a region. */
interface Task {
  readonly region: RegionCache;
  paths: string[];
  /** Whether the index was read again since the update began. */
  indexIsFresh: boolean;
}

// Whether a file is gone because the index has changed since it was read; then the task is brought up to date, once.
async function isOutOfDate(task: Task, error: unknown): Promise<boolean> {
  if (!(error instanceof Failure) || error.code !== "export-gone" || task.indexIsFresh)
    return false;
  task.indexIsFresh = true;
  try {
    await task.region.readIndex();
  } catch {
    return false;
  }
  task.paths = task.region.missing();
  return true;
}

// Other desks may delete the same directories, and write into one that was just empty.
function unlessGone(action: () => void): void {
  try {
    action();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["ENOENT", "ENOTEMPTY"].includes(code)) throw cacheUnwritable(error);
  }
}
