/**
 * The published keys on this computer, kept current: they are downloaded before they are asked for, so that a check does not wait.
 *
 * @module
 */
import type { ExportCache } from "../exports/export-cache.ts";
import { keysOf } from "../exports/export-file.ts";
import type { PublishedKeys } from "../exports/published-keys.ts";
import { Failure } from "../failure.ts";

/** Key servers publish every few hours. */
const FRESH = 5 * 60;

type Progress = (done: number, total: number) => void;

/** See the module's description. */
export class CurrentExports {
  readonly #cache: Pick<ExportCache, "update" | "files">;
  readonly #now: () => number;
  readonly #fresh: number;
  #updatedAt: number | null = null;
  #update: Promise<void> | undefined;
  readonly #progress = new Set<Progress>();

  /**
   * @param now - Unix seconds
   * @param fresh - seconds for which a download is as good as another one; five minutes unless told
   */
  constructor(cache: Pick<ExportCache, "update" | "files">, now: () => number, fresh = FRESH) {
    this.#cache = cache;
    this.#now = now;
    this.#fresh = fresh;
  }

  /** Unix seconds of the last complete download; null before. */
  get updatedAt(): number | null {
    return this.#updatedAt;
  }

  /**
   * Downloads what is not here yet, unless that was done just now; whoever asks meanwhile waits for the same download.
   *
   * @throws Failure those of {@link ExportCache.update}
   */
  async update(progress: Progress = () => {}): Promise<void> {
    const age = this.#now() - (this.#updatedAt ?? Number.NEGATIVE_INFINITY);
    if (age >= 0 && age < this.#fresh) return;
    this.#progress.add(progress);
    try {
      this.#update ??= this.#download();
      await this.#update;
    } finally {
      this.#progress.delete(progress);
    }
  }

  /**
   * All keys, oldest first, from files that are verified as they are read.
   *
   * @throws Failure `export-cache-damaged`, after which the next {@link update} downloads again
   */
  *keys(): Generator<PublishedKeys> {
    try {
      yield* keysOf(this.#cache.files());
    } catch (error) {
      this.#updatedAt = null;
      throw error;
    }
  }

  async #download(): Promise<void> {
    try {
      await this.#cache.update((done, total) => {
        for (const progress of this.#progress) progress(done, total);
      });
      this.#updatedAt = this.#now();
    } finally {
      this.#update = undefined;
    }
  }
}

/** The Failure of a desk whose settings name no exports. */
export function exportsNotConnected(): Failure {
  return new Failure(
    "exports-not-connected",
    "The settings name no exports, so that no token can be checked; add `exports` to them.",
  );
}
