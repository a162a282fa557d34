/**
 * Downloads that survive a lost connection or a program that was ended. What has come lies in a file of its own, whose
 * name says which version of the original it is (ETag) and which process writes to it; a later download goes on
 * there (RFC 9110, "Range" and "If-Range"). Taking such a file over is one renaming, so that of several processes
 * only one does.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { exchangeFailure } from "../servers/http-exchange.ts";
import { refusal } from "../servers/refusals.ts";
import { cacheUnwritable, writing } from "./cache-failures.ts";
import { MAX_ZIP_BYTES } from "./zip-container.ts";

const SUFFIX = ".part";
const IDLE = "idle";
/** This run of the program. */
const RUN = `${process.pid}-${randomBytes(4).toString("hex")}`;
/** Seconds without a byte, and in all. */
const IDLE_LIMIT = 30;
const TIME_LIMIT = 900;

/** A version that stands for the very same bytes; a weak one does not. Short enough for a file's name. */
const STRONG_ETAG = /^"[\x21\x23-\x7e]{0,100}"$/;

/** A file that is here as a whole, but not verified. */
export interface Download {
  readonly path: string;
  /** Whether it was put together from more than one answer. */
  readonly resumed: boolean;
}

interface Part {
  readonly path: string;
  readonly etag: string | undefined;
}

/**
 * Downloads a file of at most {@link MAX_ZIP_BYTES}. When it breaks off, what has come is kept if a later download can
 * go on from there.
 *
 * @param directory - where to put it
 * @param name - of the file, without dots
 * @param progress - gets how much of it is there, 0..1, where the server tells its size
 * @throws Failure `export-gone`, `download-incomplete`, `server-unreachable`, `server-untrusted`, `server-redirects`,
 *   `server-answer-malformed` when it is too large, `cache-unwritable`, or as `refusal` says
 */
export async function download(
  fetch: typeof globalThis.fetch,
  url: URL,
  directory: string,
  name: string,
  progress: (fraction: number) => void,
): Promise<Download> {
  let part = writing(() => claim(directory, name));
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), IDLE_LIMIT * 1000);
  try {
    const from = writing(() => (part ? statSync(part.path).size : 0));
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (part?.etag !== undefined) {
      headers["range"] = `bytes=${from}-`;
      headers["if-range"] = part.etag;
    }
    const signal = AbortSignal.any([idle.signal, AbortSignal.timeout(TIME_LIMIT * 1000)]);
    const response = await fetch(url, { headers, redirect: "error", signal });
    const resumed = response.status === 206 && part !== undefined && goesOn(response, part, from);
    if (!resumed && response.status !== 200) {
      await response.body?.cancel();
      if (part && isComplete(response, from)) return { path: part.path, resumed: true };
      if (!part || (response.status !== 206 && response.status !== 416)) throw refused(response);
      // Nothing fits what is here.
      remove(part);
      part = undefined;
      return await download(fetch, url, directory, name, progress);
    }
    if (!resumed) part = restart(directory, name, part, response);
    await write(response, part as Part, resumed ? from : 0, (fraction) => {
      timer.refresh();
      progress(fraction);
    });
    return { path: (part as Part).path, resumed };
  } catch (error) {
    if (part) await giveBack(directory, name, part, error);
    if (error instanceof Failure) throw error;
    throw exchangeFailure(url, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a file in the cache is a download that nobody is at work on. */
export function isAbandonedPart(file: string): boolean {
  const owner = /^[^.]*\.[^.]*\.([^.]*)\.part$/.exec(file)?.[1];
  return owner !== undefined && (owner === IDLE || !isOwned(owner));
}

// The largest of the parts that nobody is at work on, under a name of our own.
function claim(directory: string, name: string): Part | undefined {
  const found = readdirSync(directory)
    .filter((file) => file.startsWith(`${name}.`) && isAbandonedPart(file))
    .flatMap((file) => {
      const etag = Buffer.from(file.split(".")[1] as string, "base64url").toString("latin1");
      if (!STRONG_ETAG.test(etag)) return [];
      const size = statSync(join(directory, file), { throwIfNoEntry: false })?.size ?? 0;
      return size > 0 ? [{ file, etag, size }] : [];
    })
    .sort((a, b) => b.size - a.size);
  for (const { file, etag } of found) {
    const path = partPath(directory, name, etag, ownName());
    try {
      renameSync(join(directory, file), path);
      return { path, etag };
    } catch {
      // Somebody else was quicker.
    }
  }
  return undefined;
}

// An empty file for what the response brings.
function restart(
  directory: string,
  name: string,
  former: Part | undefined,
  response: Response,
): Part {
  if (former) remove(former);
  const etag = response.headers.get("etag") ?? "";
  // What was unpacked on the way has other positions than the original.
  const resumable = STRONG_ETAG.test(etag) && !response.headers.has("content-encoding");
  const known = resumable ? etag : undefined;
  return { path: partPath(directory, name, known, ownName()), etag: known };
}

function remove({ path }: Part): void {
  writing(() => rmSync(path, { force: true }));
}

function goesOn(response: Response, part: Part, from: number): boolean {
  const range = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  const etag = response.headers.get("etag") ?? part.etag;
  return (
    Number(range?.[1] ?? -1) === from &&
    etag === part.etag &&
    !response.headers.has("content-encoding")
  );
}

// Whether there is nothing behind what is here.
function isComplete(response: Response, size: number): boolean {
  return response.status === 416 && response.headers.get("content-range") === `bytes */${size}`;
}

async function write(
  response: Response,
  part: Part,
  from: number,
  progress: (fraction: number) => void,
): Promise<void> {
  const stated = response.headers.get("content-length");
  const packed = response.headers.has("content-encoding");
  const expected = stated === null || packed ? undefined : from + Number(stated);
  if ((expected ?? 0) > MAX_ZIP_BYTES) throw tooLong();
  let size = from;
  const file = await open(part.path, from === 0 ? "w" : "a").catch((error) => {
    throw cacheUnwritable(error);
  });
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > MAX_ZIP_BYTES) throw tooLong();
      await file.appendFile(chunk).catch((error) => {
        throw cacheUnwritable(error);
      });
      progress(expected ? Math.min(1, size / expected) : 0);
    }
  } finally {
    await file.close().catch((error) => {
      throw cacheUnwritable(error);
    });
  }
  if (expected !== undefined && size < expected) {
    throw new Failure(
      "download-incomplete",
      "The connection ended before the export file was complete; try again to get the rest.",
    );
  }
  if (expected !== undefined && size > expected) throw tooLong();
}

// Keeps for later what can be gone on with.
async function giveBack(
  directory: string,
  name: string,
  part: Part,
  error: unknown,
): Promise<void> {
  const keep =
    part.etag !== undefined &&
    !(error instanceof Failure && error.code === "server-answer-malformed");
  try {
    if (keep) await rename(part.path, partPath(directory, name, part.etag, IDLE));
    else await rm(part.path, { force: true });
  } catch {
    // It may never have been made. The error that brought us here says more.
  }
}

function refused(response: Response): Failure {
  if (response.status === 404 || response.status === 410) {
    return new Failure("export-gone", "The export file is no longer there; read the index again.");
  }
  return refusal(response.status, response.headers, undefined);
}

function tooLong(): Failure {
  return new Failure(
    "server-answer-malformed",
    "The server's answer is longer than it may be; check the server address.",
  );
}

function partPath(directory: string, name: string, etag: string | undefined, owner: string) {
  const version = Buffer.from(etag ?? "", "latin1").toString("base64url");
  return join(directory, `${name}.${version}.${owner}${SUFFIX}`);
}

function ownName(): string {
  return `${RUN}-${randomBytes(4).toString("hex")}`;
}

// A part of an earlier run whose process had the same number, as happens in containers, belongs to nobody.
function isOwned(owner: string): boolean {
  const pid = Number.parseInt(owner, 10);
  return pid === process.pid ? owner.startsWith(`${RUN}-`) : isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
