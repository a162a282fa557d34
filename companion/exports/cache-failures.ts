import { Failure } from "../failure.ts";

/** The Failure for a disk that does not take what is written; anything else that was thrown stays what it was. */
export function cacheUnwritable(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error && "code" in error)) return error;
  return new Failure(
    "cache-unwritable",
    "The directory for downloaded exports cannot be written; make room on the disk, or name another with XDG_CACHE_HOME.",
  );
}

/** Does something with the cache's files. @throws as {@link cacheUnwritable} says */
export function writing<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw cacheUnwritable(error);
  }
}
