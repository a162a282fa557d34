import { expect, test } from "vitest";
import { CurrentExports } from "../../../companion/desk/current-exports.ts";
import type { UpdateSummary } from "../../../companion/exports/export-cache.ts";
import type { ExportFile } from "../../../companion/exports/export-file.ts";
import { Failure } from "../../../companion/failure.ts";
import { expectFailure } from "../../support/expect-failure.ts";

type Progress = (done: number, total: number) => void;

/** A cache whose downloads end when a test says so. */
class SlowCache {
  readonly downloads: {
    readonly progress: Progress;
    readonly end: (failure?: Failure) => void;
  }[] = [];
  damage: Failure | undefined;

  update = (progress: Progress = () => {}): Promise<UpdateSummary> =>
    new Promise((resolve, reject) => {
      const end = (failure?: Failure): void =>
        failure ? reject(failure) : resolve({} as UpdateSummary);
      this.downloads.push({ progress, end });
    });

  // biome-ignore lint/correctness/useYield: there is nothing in it
  *files(): Generator<ExportFile> {
    if (this.damage) throw this.damage;
  }
}

function current() {
  const cache = new SlowCache();
  const clock = { now: 1_000_000 };
  const exports = new CurrentExports(cache, () => clock.now);
  return { cache, clock, exports };
}

const OFFLINE = new Failure("server-unreachable", "The server cannot be reached; try again.");

test("who asks while a download goes on waits for the same one, and sees how far it is", async () => {
  const { cache, clock, exports } = current();
  const first = exports.update();
  const seen: number[] = [];
  const second = exports.update((done, total) => seen.push(done / total));
  expect(cache.downloads).toHaveLength(1);
  cache.downloads[0]!.progress(1, 4);
  expect(exports.updatedAt).toBeNull();
  clock.now += 10;
  cache.downloads[0]!.end();
  await Promise.all([first, second]);
  expect(seen).toEqual([0.25]);
  expect(exports.updatedAt).toBe(clock.now);
});

test("a download is as good as another one for five minutes", async () => {
  const { cache, clock, exports } = current();
  const update = async (): Promise<void> => {
    const updated = exports.update();
    cache.downloads.at(-1)?.end();
    await updated;
  };
  await update();
  clock.now += 299;
  await update();
  expect(cache.downloads).toHaveLength(1);
  clock.now += 1;
  await update();
  expect(cache.downloads).toHaveLength(2);
  // This computer's clock was set back.
  clock.now -= 3600;
  await update();
  expect(cache.downloads).toHaveLength(3);
});

test("one that failed counts for nothing, and the next one is tried at once", async () => {
  const { cache, exports } = current();
  const failing = exports.update();
  cache.downloads[0]!.end(OFFLINE);
  await expectFailure(failing, "server-unreachable");
  expect(exports.updatedAt).toBeNull();
  const again = exports.update();
  cache.downloads[1]!.end();
  await again;
  expect(exports.updatedAt).not.toBeNull();
});

test("files that are found damaged are downloaded again before the next check", async () => {
  const { cache, exports } = current();
  const updated = exports.update();
  cache.downloads[0]!.end();
  await updated;
  expect([...exports.keys()]).toEqual([]);
  cache.damage = new Failure("export-cache-damaged", "A file is damaged; try again.");
  expect(() => [...exports.keys()]).toThrow(cache.damage);
  void exports.update();
  expect(cache.downloads).toHaveLength(2);
});
