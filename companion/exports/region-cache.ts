/**
 * The exports of one region on disk: one directory with the files as they were downloaded, under names made from their
 * paths, and `state.json` with what is known of them. Whatever is lost or wrong there costs time only: files are verified
 * again whenever they are read. Several programs may use one directory, because everything comes and goes by renaming.
 *
 * @module
 */
import { createHash, randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../failure.ts";
import { baseAddress, exportAddress } from "../servers/export-address.ts";
import { batchOf, incompleteBatches } from "./batches.ts";
import { writing } from "./cache-failures.ts";
import { type ExportFile, readExport, type TrustedKey } from "./export-file.ts";
import { type ExportIndex, fetchIndex } from "./export-index.ts";
import { download, isAbandonedPart } from "./partial-download.ts";

/** A key server's exports for one region. */
export interface ExportRegion {
  /** Name of the region, such as `KZ`; files that name another are not used, those that name none are. */
  readonly region: string;
  /** Address of the index. */
  readonly indexUrl: string;
  /** Address to which the paths in the index are relative. */
  readonly baseUrl: string;
  /** The keys whose signatures are believed. */
  readonly trustedKeys: readonly TrustedKey[];
}

/** A verified file in the cache. */
export interface CachedFile {
  /** Name of the region in the settings. */
  readonly region: string;
  /** As the index names it. */
  readonly path: string;
  /** Where it lies. */
  readonly location: string;
  readonly startTimestamp: number;
  readonly endTimestamp: number;
  readonly batchNum: number;
  readonly batchSize: number;
  /** The same for all parts of a batch, and for nothing else. */
  readonly batch: string;
  /** How many keys it holds. */
  readonly keys: number;
  readonly revisedKeys: number;
}

/** How long exports are kept, in seconds: 14 days. */
export const RETENTION = 14 * 24 * 3600;
/**
 * Seconds that a file stays once the index was seen not to name it, for desks that are at work with an older or newer
 * index.
 */
const GRACE = 3600;

const STATE = "state.json";

const factsSchema = z.object({
  sha256: z.string(),
  bytes: z.int(),
  /** In the file. */
  region: z.string(),
  startTimestamp: z.number(),
  endTimestamp: z.number(),
  batchNum: z.int(),
  batchSize: z.int(),
  keys: z.int(),
  revisedKeys: z.int(),
});

const stateSchema = z.object({
  /** SHA-256 of the keys with which the files were verified. */
  trust: z.string(),
  index: z.object({ etag: z.string().optional(), paths: z.array(z.string()) }).optional(),
  /** By path; null for one that was too old to be kept. */
  files: z.array(z.tuple([z.string(), factsSchema.nullable()])),
  /** By name in the directory: Unix seconds when the index was first seen not to name the file. */
  droppedAt: z.array(z.tuple([z.string(), z.number()])).default([]),
});

type Facts = z.output<typeof factsSchema>;

/** See the module's description. */
export class RegionCache {
  readonly #settings: ExportRegion;
  readonly #indexUrl: URL;
  readonly #base: URL;
  readonly #directory: string;
  readonly #trust: string;
  readonly #now: () => number;
  readonly #fetch: typeof globalThis.fetch;
  #index: ExportIndex | undefined;
  #files = new Map<string, Facts | null>();
  #droppedAt = new Map<string, number>();

  /**
   * @param parent - the directory below which all regions lie
   * @throws Failure `server-address-invalid`
   */
  constructor(
    settings: ExportRegion,
    parent: string,
    now: () => number,
    fetch: typeof globalThis.fetch,
  ) {
    this.#settings = settings;
    this.#base = baseAddress(settings.baseUrl);
    this.#indexUrl = indexAddress(settings.indexUrl);
    this.#trust = digest(JSON.stringify(settings.trustedKeys));
    this.#directory = join(parent, directoryName(settings.region, this.#indexUrl, this.#base));
    this.#now = now;
    this.#fetch = fetch;
    this.#load();
  }

  /** Name of the directory below the one of all regions. */
  get directoryName(): string {
    return directoryName(this.#settings.region, this.#indexUrl, this.#base);
  }

  /** Reads the index. @throws Failure as {@link fetchIndex}, or `cache-unwritable` */
  async readIndex(): Promise<void> {
    writing(() => mkdirSync(this.#directory, { recursive: true }));
    this.#index = await fetchIndex(this.#fetch, this.#indexUrl, this.#base, this.#index);
  }

  /** The paths of the files that are to be downloaded, oldest first: not there, or damaged. */
  missing(): string[] {
    return this.#paths().filter((path) => {
      const facts = this.#files.get(path);
      if (facts === null || (facts && isOld(facts, this.#now()))) return false;
      if (facts && isIntact(this.#location(path), facts)) return false;
      if (!existsSync(this.#location(path))) return true;
      // Put there by another desk, or before the keys that are trusted changed; or damaged.
      try {
        this.#learn(path, readFileSync(this.#location(path)));
        return false;
      } catch (error) {
        // Anything that is no Failure comes from another desk that has just deleted the file.
        if (error instanceof Failure && !isOfFile(error)) throw error;
        writing(() => rmSync(this.#location(path), { force: true, recursive: true }));
        return true;
      }
    });
  }

  /**
   * Downloads a file and verifies it.
   *
   * @returns its size in bytes
   * @throws Failure as {@link download} and `readExport`, or `export-region-wrong`
   */
  async fetchFile(path: string, progress: (fraction: number) => void): Promise<number> {
    const url = exportAddress(this.#base, path);
    for (;;) {
      const part = await download(this.#fetch, url, this.#directory, nameOf(path), progress);
      try {
        const zip = writing(() => readFileSync(part.path));
        const facts = this.#learn(path, zip);
        writing(() => {
          const now = this.#now();
          utimesSync(part.path, now, now);
          renameSync(part.path, this.#location(path));
        });
        return facts.bytes;
      } catch (error) {
        rmSync(part.path, { force: true });
        // Parts of two files may have been put together; the whole file may be right.
        if (!part.resumed || !isOfFile(error)) throw error;
      }
    }
  }

  /**
   * Deletes what is older than 14 days, and what the index has not named for an hour.
   *
   * @returns how many files were deleted
   */
  sweep(): number {
    const now = this.#now();
    const named = new Map(this.#paths().map((path) => [nameOf(path), path]));
    const droppedAt = new Map<string, number>();
    let deleted = 0;
    for (const file of readdirSync(this.#directory)) {
      const [name = ""] = file.split(".");
      const path = named.get(name);
      const age = now - modified(join(this.#directory, file), now);
      if (file === STATE) continue;
      if (file.endsWith(".zip")) {
        const facts = path === undefined ? undefined : this.#files.get(path);
        const old = age > RETENTION || (facts && isOld(facts, now));
        if (!old && path !== undefined) continue;
        // Another desk with another index may just have put it there.
        const dropped = Math.max(this.#droppedAt.get(file) ?? now, now - age);
        if (!old && now - dropped < GRACE) {
          droppedAt.set(file, dropped);
          continue;
        }
        if (old && path !== undefined) this.#files.set(path, null);
        deleted++;
      } else if (file.endsWith(".part")) {
        const wanted = path !== undefined && !existsSync(this.#location(path));
        if (age < RETENTION && (wanted || !isAbandonedPart(file))) continue;
      } else if (age < GRACE) {
        continue;
      }
      rmSync(join(this.#directory, file), { force: true, recursive: true });
    }
    this.#droppedAt = droppedAt;
    const paths = new Set(this.#paths());
    for (const [path, facts] of this.#files) {
      if (!paths.has(path)) this.#files.delete(path);
      // Another desk may have deleted the file before.
      else if (facts && isOld(facts, now)) this.#files.set(path, null);
    }
    return deleted;
  }

  /** Writes down what is known. @throws Failure `cache-unwritable` */
  save(): void {
    const state: z.input<typeof stateSchema> = {
      trust: this.#trust,
      ...(this.#index && { index: { etag: this.#index.etag, paths: [...this.#index.paths] } }),
      files: [...this.#files],
      droppedAt: [...this.#droppedAt],
    };
    const path = join(this.#directory, STATE);
    const own = `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
    writing(() => {
      writeFileSync(own, JSON.stringify(state));
      renameSync(own, path);
    });
  }

  /** The files that may be used and those that wait for other parts of their batch, in the order of the index. */
  files(): { usable: CachedFile[]; waiting: CachedFile[] } {
    const known = this.#paths().flatMap((path) => {
      const facts = this.#files.get(path);
      return facts && !isOld(facts, this.#now()) ? [{ path, facts }] : [];
    });
    const incomplete = incompleteBatches(known.map(({ facts }) => facts));
    const usable: CachedFile[] = [];
    const waiting: CachedFile[] = [];
    for (const { path, facts } of known) {
      const { sha256: _, bytes: __, ...content } = facts;
      const file = {
        ...content,
        region: this.#settings.region,
        batch: `${this.directoryName} ${batchOf(facts)}`,
        path,
        location: this.#location(path),
      };
      (incomplete.has(batchOf(facts)) ? waiting : usable).push(file);
    }
    return { usable, waiting };
  }

  /** Reads and verifies a file again. @throws Failure `export-cache-damaged`; the file is gone then */
  read({ path, location }: CachedFile): ExportFile {
    const facts = this.#files.get(path);
    try {
      const zip = readFileSync(location);
      const file = this.#verified(zip);
      if (facts && batchOf(file) === batchOf(facts) && file.batchNum === facts.batchNum)
        return file;
    } catch (error) {
      if (error instanceof Failure && !isOfFile(error)) throw error;
    }
    rmSync(location, { force: true });
    throw new Failure(
      "export-cache-damaged",
      "A downloaded export file on this computer was damaged or removed; run this again to download it once more.",
    );
  }

  #paths(): readonly string[] {
    return this.#index?.paths ?? [];
  }

  #location(path: string): string {
    return join(this.#directory, `${nameOf(path)}.zip`);
  }

  #verified(zip: Uint8Array): ExportFile {
    const file = readExport(zip, this.#settings.trustedKeys);
    if (this.#mayName(file.region)) return file;
    throw new Failure(
      "export-region-wrong",
      `The export file names another region than ${this.#settings.region} and was not used; correct the region or the addresses in the settings.`,
    );
  }

  // Old files name none.
  #mayName(region: string): boolean {
    return region === "" || region === this.#settings.region;
  }

  // Verifies a file for the first time.
  #learn(path: string, zip: Uint8Array): Facts {
    const { keys, revisedKeys, ...content } = this.#verified(zip);
    const facts = {
      ...content,
      keys: keys.length,
      revisedKeys: revisedKeys.length,
      bytes: zip.length,
      sha256: digest(zip),
    };
    this.#files.set(path, facts);
    return facts;
  }

  #load(): void {
    try {
      const text = readFileSync(join(this.#directory, STATE), "utf8");
      const { trust, index, files, droppedAt } = stateSchema.parse(JSON.parse(text));
      for (const path of index?.paths ?? []) exportAddress(this.#base, path);
      this.#index = index;
      const sameTrust = trust === this.#trust;
      const isUsable = (facts: Facts) => sameTrust && this.#mayName(facts.region);
      this.#files = new Map(files.filter(([, facts]) => facts === null || isUsable(facts)));
      this.#droppedAt = new Map(droppedAt);
    } catch {
      // There is none yet, or nothing that could be used.
    }
  }
}

// Whether it is the file that is wrong, rather than network, disk or settings.
function isOfFile(error: unknown): boolean {
  return error instanceof Failure && error.code.startsWith("export-");
}

// Files without times are as old as their download.
function isOld({ endTimestamp }: Facts, now: number): boolean {
  return endTimestamp !== 0 && endTimestamp < now - RETENTION;
}

function isIntact(location: string, { bytes, sha256 }: Facts): boolean {
  try {
    return statSync(location).size === bytes && digest(readFileSync(location)) === sha256;
  } catch {
    return false;
  }
}

function indexAddress(address: string): URL {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return new URL(address);
  throw new Failure(
    "server-address-invalid",
    "The address of an export index in the settings is not an http or https address; correct it.",
  );
}

function directoryName(region: string, indexUrl: URL, base: URL): string {
  const addresses = digest(JSON.stringify([region, indexUrl.href, base.href])).slice(0, 8);
  return `${region.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 40)}-${addresses}`;
}

function nameOf(path: string): string {
  return digest(path).slice(0, 32);
}

function digest(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function modified(path: string, otherwise: number): number {
  return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? otherwise * 1000) / 1000;
}
