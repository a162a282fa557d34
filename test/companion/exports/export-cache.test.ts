import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { ExportCache, type ExportRegion } from "../../../companion/exports/export-cache.ts";
import { keysOf } from "../../../companion/exports/export-file.ts";
import { Failure } from "../../../companion/failure.ts";
import { startPilot } from "../../server/pilot.ts";
import { dayKey, publish } from "../../server/upload.ts";
import { eachPublishedKey } from "../../support/each-published-key.ts";
import { type ExportHost, etagOf, madeExport, NOON, startHost } from "./export-host.ts";
import { keyPair, trusted } from "./make-export.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const LARGE = { ballast: 300_000 };

let host: ExportHost;
let directory: string;
let now: number;

beforeEach(async () => {
  host = await startHost();
  directory = temporaryDirectory();
  now = NOON + HOUR;
});

function temporaryDirectory(): string {
  const made = mkdtempSync(join(tmpdir(), "saqbol-exports-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const regionOf = (from: ExportHost, changes: Partial<ExportRegion> = {}): ExportRegion => ({
  region: "KZ",
  indexUrl: from.indexUrl,
  baseUrl: from.baseUrl,
  trustedKeys: trusted,
  ...changes,
});

/** A new cache, as another run of the program has it. */
function open(
  regions: readonly ExportRegion[] = [regionOf(host)],
  fetch?: typeof globalThis.fetch,
): ExportCache {
  return new ExportCache({ regions, directory, now: () => now, ...(fetch && { fetch }) });
}

/** First byte and report type of all keys, in the order in which they count. */
const contents = (cache: ExportCache): string[] =>
  [...eachPublishedKey(keysOf(cache.files()))].map(
    ({ keyData, reportType }) => `${keyData[0]}${reportType === 5 ? " revised" : ""}`,
  );

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return "no failure";
  if (error instanceof Failure) return error.code;
  throw error;
}

/** All files of the cache with this ending. */
const stored = (ending: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(directory, name));

describe("index", () => {
  test("and files have an address each", async () => {
    const other = await startHost();
    other.index = ["a/1.zip"];
    host.files.set("a/1.zip", madeExport([1]));
    const cache = open([regionOf(host, { indexUrl: `${other.indexUrl}?region=KZ` })]);
    other.answer = function (path, headers, response) {
      Object.getPrototypeOf(this).answer.call(this, path.split("?")[0], headers, response);
    };
    await cache.update();
    expect(contents(cache)).toEqual(["1"]);
    expect(host.requests.map(({ path }) => path)).toEqual(["/files/a/1.zip"]);
  });

  test("is asked for again only if it has changed", async () => {
    host.files.set("1.zip", madeExport([1]));
    await open().update();
    host.requests.length = 0;
    const again = open();
    await again.update();
    expect(host.requests).toMatchObject([{ path: "/lists/index.txt", status: 304 }]);
    expect(contents(again)).toEqual(["1"]);
    host.files.set("2.zip", madeExport([2]));
    const later = open();
    await later.update();
    expect(contents(later)).toEqual(["1", "2"]);
  });

  test("without a version is read anew each time", async () => {
    host.etags = false;
    host.files.set("1.zip", madeExport([1]));
    await open().update();
    await open().update();
    const indexes = host.requests.filter(({ path }) => path === "/lists/index.txt");
    expect(indexes.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("that nobody asked to be spared is refused when it is not sent", async () => {
    host.fault = (_, response) => {
      response.writeHead(304).end();
      return true;
    };
    expect(await codeOf(open().update())).toBe("server-refused");
  });

  test.each([
    ["with a last newline", "1.zip\n2.zip\n"],
    ["with the line ends of Windows", "1.zip\r\n2.zip\r\n"],
    ["with empty lines and repetitions", "\n1.zip\n\n2.zip\n1.zip"],
  ])("%s is read", async (_, text) => {
    host.files.set("1.zip", madeExport([1]));
    host.files.set("2.zip", madeExport([2]));
    host.index = text.split("\n");
    const cache = open();
    await cache.update();
    expect(contents(cache)).toEqual(["1", "2"]);
  });

  test("that is empty means no files", async () => {
    const cache = open();
    expect(await cache.update()).toMatchObject({ files: [], keys: 0, downloaded: 0 });
    expect(contents(cache)).toEqual([]);
  });

  test("of an unknown region says so", async () => {
    const cache = open([regionOf(host, { indexUrl: `${host.url}/lists/XX.txt` })]);
    expect(await codeOf(cache.update())).toBe("region-unknown");
  });

  test("may name files in any way that stays below the base address", async () => {
    const names = ["kz~1/2020-09-15,%20%D2%9B (a)+b=c;d@e!", "export", "_/-/.x", "9", "10"];
    const paths = names.map((name) => name.replaceAll(" ", "%20"));
    paths.forEach((path, i) => {
      host.files.set(path, madeExport([i], { end: NOON + i }));
    });
    const cache = open();
    await cache.update();
    expect(contents(cache)).toEqual(["0", "1", "2", "3", "4"]);
  });

  test.each([
    "../secret",
    "KZ/../../secret",
    "KZ/./../../secret",
    "/secret",
    "//evil.example/x.zip",
    "https://evil.example/x.zip",
    "%2e%2e/secret",
    "%2E%2E%2Fsecret",
    "..%5csecret",
    "%252e%252e/secret",
    "x%00.zip",
    "x%.zip",
    "..\\secret",
    "KZ/x.zip?y=1",
    "KZ/x.zip#y",
    "KZ/қ.zip",
    "KZ/ x.zip",
    ".",
  ])("that names '%s' is refused, and nothing downloaded", async (path) => {
    host.files.set("1.zip", madeExport([1]));
    host.index = ["1.zip", path];
    expect(await codeOf(open().update())).toBe("export-path-refused");
    expect(host.asked()).toEqual([]);
  });

  test("that redirects is refused", async () => {
    host.fault = (_, response) => {
      response.writeHead(302, { location: `${host.url}/elsewhere` }).end();
      return true;
    };
    expect(await codeOf(open().update())).toBe("server-redirects");
    expect(host.requests).toHaveLength(1);
  });

  test.each(["", "not an address", "ftp://server/index.txt"])(
    "at an address that is none is refused: '%s'",
    (indexUrl) => {
      expect(() => open([regionOf(host, { indexUrl })])).toThrow(Failure);
      expect(() => open([regionOf(host, { baseUrl: indexUrl })])).toThrow(Failure);
    },
  );
});

describe("an update", () => {
  test("starts after the last file", async () => {
    for (const i of [1, 2]) host.files.set(`${i}.zip`, madeExport([i], { end: NOON + i }));
    expect(await open().update()).toMatchObject({ downloaded: 2, keys: 2 });
    expect(host.asked()).toEqual(["1.zip", "2.zip"]);
    host.files.set("3.zip", madeExport([3], { end: NOON + 3 }));
    expect(await open().update()).toMatchObject({ downloaded: 1, keys: 3 });
    expect(host.asked()).toEqual(["3.zip"]);
    expect(await open().update()).toMatchObject({ downloaded: 0, bytes: 0, keys: 3 });
    expect(host.asked()).toEqual([]);
  });

  test("starts from the top when the last file has vanished", async () => {
    for (const i of [1, 2]) host.files.set(`${i}.zip`, madeExport([i]));
    await open().update();
    host.asked();
    host.files.clear();
    for (const i of [4, 5]) host.files.set(`new-${i}`, madeExport([i]));
    const cache = open();
    await cache.update();
    expect(host.asked()).toEqual(["new-4", "new-5"]);
    expect(contents(cache)).toEqual(["4", "5"]);
  });

  test("tells how far it is, and what it did", async () => {
    host.files.set("1.zip", madeExport([1], LARGE));
    host.files.set("2.zip", madeExport([2], LARGE));
    const seen: [number, number][] = [];
    const { bytes } = await open().update((...progress) => seen.push(progress));
    expect(bytes).toBe([...host.files.values()].reduce((sum, { length }) => sum + length, 0));
    expect(seen.at(-1)).toEqual([2, 2]);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((a, b) => a - b));
    expect(seen.some(([done]) => done > 0 && done < 1)).toBe(true);
    expect(seen.every(([, total]) => total === 2)).toBe(true);
  });

  test("reads the index again when a file is gone that it named", async () => {
    for (const i of [0, 1, 2]) host.files.set(`${i}.zip`, madeExport([i]));
    host.fault = (path, response) => {
      if (path !== "/files/0.zip") return false;
      host.files.delete("0.zip");
      host.files.set("3.zip", madeExport([3]));
      response.writeHead(404).end();
      return true;
    };
    const cache = open();
    await cache.update();
    expect(contents(cache)).toEqual(["1", "2", "3"]);
  });

  test("fails when a file is gone that the index goes on naming", async () => {
    host.files.set("1.zip", madeExport([1]));
    host.index = ["0.zip", "1.zip"];
    const cache = open();
    expect(await codeOf(cache.update())).toBe("export-gone");
    expect(contents(cache)).toEqual(["1"]);
  });

  test("fails on a file that is not right, keeps the others, and tries again", async () => {
    const foreign = { key: keyPair().privateKey };
    host.files.set("1.zip", madeExport([1], { end: NOON - 1 }, foreign));
    host.files.set("2.zip", madeExport([2]));
    const cache = open();
    expect(await codeOf(cache.update())).toBe("export-signature-wrong");
    expect(contents(cache)).toEqual(["2"]);
    expect(stored(".zip")).toHaveLength(1);
    expect(stored(".part")).toEqual([]);
    host.asked();
    host.files.set("1.zip", madeExport([1], { end: NOON - 1 }));
    await cache.update();
    expect(host.asked()).toEqual(["1.zip"]);
    expect(contents(cache)).toEqual(["1", "2"]);
  });

  test("in a directory that cannot be written says so", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    directory = file;
    expect(await codeOf(open().update())).toBe("cache-unwritable");
  });

  test("without a server leaves what is there", async () => {
    host.files.set("1.zip", madeExport([1]));
    await open().update();
    const offline = open(undefined, () => Promise.reject(new TypeError("fetch failed")));
    expect(await codeOf(offline.update())).toBe("server-unreachable");
    expect(contents(offline)).toEqual(["1"]);
  });
});

describe("several regions", () => {
  test("are read together, oldest first", async () => {
    const other = await startHost();
    host.files.set("a", madeExport([1], { end: NOON - 4 * HOUR }));
    host.files.set("b", madeExport([3], { end: NOON }));
    other.files.set("a", madeExport([2], { region: "KG", end: NOON - 2 * HOUR, revised: [1] }));
    const cache = open([regionOf(host), regionOf(other, { region: "KG" })]);
    const { files } = await cache.update();
    expect(files.map(({ region, path }) => [region, path])).toEqual([
      ["KZ", "a"],
      ["KG", "a"],
      ["KZ", "b"],
    ]);
    expect(contents(cache)).toEqual(["1", "2", "1 revised", "3"]);
  });

  test("have their own keys", async () => {
    const other = await startHost();
    const foreign = keyPair();
    const sign = { id: "437", key: foreign.privateKey };
    other.files.set("a", madeExport([2], { region: "KG" }, sign));
    const trustedKeys = [{ id: "437", version: "v1", pem: foreign.pem }];
    const kyrgyz = regionOf(other, { region: "KG", trustedKeys });
    await open([regionOf(host), kyrgyz]).update();
    host.files.set("a", madeExport([1], {}, sign));
    expect(await codeOf(open([regionOf(host), kyrgyz]).update())).toBe("export-signer-unknown");
  });

  test("refuse each other's files, although their signature is right", async () => {
    host.files.set("a", madeExport([1], { region: "KG" }));
    host.files.set("b", madeExport([2]));
    const cache = open();
    const failure = await cache.update().catch((error: unknown) => error as Failure);
    expect(failure).toMatchObject({ code: "export-region-wrong" });
    expect((failure as Failure).message).toMatch(/^The [^.]* than KZ [^.]*\.$/);
    expect(contents(cache)).toEqual(["2"]);
    expect(stored(".zip")).toHaveLength(1);
    expect(stored(".part")).toEqual([]);
  });

  test("take files that name no region, as old ones do not", async () => {
    host.files.set("a", madeExport([1], { region: "" }));
    const cache = open();
    expect(await cache.update()).toMatchObject({ downloaded: 1 });
    expect(contents(cache)).toEqual(["1"]);
  });

  test("refuse each other's files among those that are here already", async () => {
    host.files.set("a", madeExport([1]));
    const { files } = await open().update();
    writeFileSync(files[0]?.location as string, madeExport([1], { region: "KG" }));
    expect(() => contents(open())).toThrow(/damaged or removed/);
    await open().update();
    const [path] = stored(".json") as [string];
    // As a version wrote it that did not look at the region.
    writeFileSync(path, readFileSync(path, "utf8").replace('"region":"KZ"', '"region":"KG"'));
    expect(contents(open())).toEqual([]);
  });

  test("do not keep each other from being downloaded", async () => {
    host.files.set("a", madeExport([1]));
    const broken = regionOf(host, { region: "XX", indexUrl: `${host.url}/lists/XX.txt` });
    const cache = open([broken, regionOf(host)]);
    expect(await codeOf(cache.update())).toBe("region-unknown");
    expect(contents(cache)).toEqual(["1"]);
  });
});

describe("a download that breaks off", () => {
  const zip = madeExport([1], LARGE);

  /** A network that breaks each download off after so many bytes. */
  const cutting =
    (bytes: number): typeof globalThis.fetch =>
    async (url, init) => {
      const response = await fetch(url, init);
      if (String(url) === host.indexUrl) return response;
      const whole = new Uint8Array(await response.arrayBuffer());
      const pieces = [whole.subarray(0, bytes)];
      const pull = (controller: ReadableStreamDefaultController) => {
        const piece = pieces.pop();
        if (piece?.length) controller.enqueue(piece);
        else controller.error(new TypeError("terminated"));
      };
      const body = new ReadableStream({ pull }, { highWaterMark: 0 });
      return new Response(body, { status: response.status, headers: response.headers });
    };

  async function broken(bytes = 100_000): Promise<void> {
    host.files.set("1.zip", zip);
    const cut = open(undefined, cutting(bytes));
    expect(await codeOf(cut.update())).toBe("server-unreachable");
    expect(contents(open())).toEqual([]);
    host.requests.length = 0;
  }

  async function expectWhole(): Promise<void> {
    const cache = open();
    await cache.update();
    expect(contents(cache)).toEqual(["1"]);
    expect(stored(".part")).toEqual([]);
    expect(readFileSync(stored(".zip")[0] as string).equals(zip)).toBe(true);
  }
  const answers = () =>
    host.requests
      .filter(({ path }) => path.startsWith("/files/"))
      .map(({ headers, status }) => [headers.range, status]);

  test("goes on where it was", async () => {
    await broken();
    await expectWhole();
    expect(answers()).toEqual([["bytes=100000-", 206]]);
  });

  test("several times goes on each time", async () => {
    await broken(50_000);
    expect(await codeOf(open(undefined, cutting(40_000)).update())).toBe("server-unreachable");
    host.requests.length = 0;
    await expectWhole();
    expect(answers()).toEqual([["bytes=90000-", 206]]);
  });

  test("begins anew when the file has changed", async () => {
    host.files.set("1.zip", madeExport([9], LARGE));
    expect(await codeOf(open(undefined, cutting(100_000)).update())).toBe("server-unreachable");
    host.files.set("1.zip", zip);
    host.requests.length = 0;
    await expectWhole();
    expect(answers()).toEqual([["bytes=100000-", 200]]);
  });

  test("begins anew when the server knows no versions", async () => {
    host.etags = false;
    await broken();
    expect(stored(".part")).toEqual([]);
    await expectWhole();
    expect(answers()).toEqual([[undefined, 200]]);
  });

  test("begins anew when the version does not stand for the very same bytes", async () => {
    host.files.set("1.zip", zip);
    host.fault = (path, response, whole) => {
      if (path === "/files/1.zip") response.writeHead(200, { etag: 'W/"1"' }).end(whole);
      return path === "/files/1.zip";
    };
    expect(await codeOf(open(undefined, cutting(1000)).update())).toBe("server-unreachable");
    expect(stored(".part")).toEqual([]);
    await expectWhole();
  });

  test.each([
    ["another part of the file", { "content-range": `bytes 5-${zip.length - 1}/${zip.length}` }],
    ["a part without saying which", {}],
    ["a part of another version", { "content-range": "bytes 100000-100001/100002", etag: '"x"' }],
  ])("begins anew when the server sends %s", async (_, headers) => {
    await broken();
    host.fault = (path, response, whole) => {
      if (!path.startsWith("/files/")) return false;
      host.fault = () => false;
      response.writeHead(206, headers).end(whole.subarray(5));
      return true;
    };
    await expectWhole();
    expect(answers()).toEqual([
      ["bytes=100000-", 206],
      [undefined, 200],
    ]);
  });

  test("when everything had come already asks for nothing more", async () => {
    await broken();
    writeFileSync(stored(".part")[0] as string, zip);
    await expectWhole();
    expect(answers()).toEqual([[`bytes=${zip.length}-`, 416]]);
  });

  test("begins anew when more is here than there should be", async () => {
    await broken();
    writeFileSync(stored(".part")[0] as string, Buffer.concat([zip, zip]));
    await expectWhole();
    expect(answers()).toEqual([
      [`bytes=${2 * zip.length}-`, 416],
      [undefined, 200],
    ]);
  });

  test("begins anew when what was put together is not right", async () => {
    await broken();
    const part = stored(".part")[0] as string;
    const bytes = readFileSync(part);
    bytes[50_000]! ^= 1;
    writeFileSync(part, bytes);
    await expectWhole();
    expect(answers()).toEqual([
      ["bytes=100000-", 206],
      [undefined, 200],
    ]);
  });

  test("begins anew when it was packed on the way, as positions are others then", async () => {
    host.files.set("1.zip", zip);
    host.fault = (path, response, whole) => {
      if (path !== "/files/1.zip") return false;
      response.writeHead(200, { etag: etagOf(whole), "content-encoding": "gzip" });
      response.end(gzipSync(whole));
      return true;
    };
    expect(await codeOf(open(undefined, cutting(1000)).update())).toBe("server-unreachable");
    expect(stored(".part")).toEqual([]);
    await expectWhole();
    expect(host.requests.every(({ headers }) => headers.range === undefined)).toBe(true);
    const files = host.requests.filter(({ path }) => path.startsWith("/files/"));
    expect(files.map(({ headers }) => headers["accept-encoding"])).toEqual([
      "identity",
      "identity",
    ]);
  });

  test("is kept while the server is out of order", async () => {
    await broken();
    host.fault = (path, response) => {
      if (!path.startsWith("/files/")) return false;
      response.writeHead(503).end();
      return true;
    };
    expect(await codeOf(open().update())).toBe("server-failed");
    host.fault = () => false;
    host.requests.length = 0;
    await expectWhole();
    expect(answers()).toEqual([["bytes=100000-", 206]]);
  });

  test("because its program was ended is taken over; one of a running program is not", async () => {
    await broken();
    const [part] = stored(".part");
    const running = part?.replace(".idle.", `.${process.ppid}-0a0b0c0d.`) as string;
    renameSync(part as string, running);
    await expectRange(undefined);
    expect(existsSync(running)).toBe(true);
    rmSync(stored(".zip")[0] as string);
    const ended = spawnSync(process.execPath, ["-e", ""]).pid;
    renameSync(running, running.replace(`.${process.ppid}-`, `.${ended}-`));
    await expectRange("bytes=100000-");
    expect(stored(".part")).toEqual([]);
  });

  test("because its program was ended is taken over by one with the same process number", async () => {
    await broken();
    const part = stored(".part")[0] as string;
    renameSync(part, part.replace(".idle.", `.${process.pid}-0a0b0c0d.`));
    await expectRange("bytes=100000-");
    expect(stored(".part")).toEqual([]);
  });

  test("of this program that is under way is not taken over by another download", async () => {
    await broken();
    const outer = open(undefined, async (url, init) => {
      if (String(url) !== host.indexUrl) await expectRange(undefined);
      return fetch(url, init);
    });
    await outer.update();
    expect(answers().map(([asked]) => asked)).toEqual([undefined, "bytes=100000-"]);
    expect(contents(outer)).toEqual(["1"]);
  });

  async function expectRange(range: string | undefined): Promise<void> {
    host.requests.length = 0;
    const cache = open();
    await cache.update();
    expect(answers().map(([asked]) => asked)).toEqual([range]);
    expect(contents(cache)).toEqual(["1"]);
  }

  test("because the server hangs up is gone on with as well", async () => {
    host.files.set("1.zip", zip);
    host.fault = (path, response, whole) => {
      if (!path.startsWith("/files/")) return false;
      host.fault = () => false;
      response.writeHead(200, { etag: etagOf(whole), "content-length": whole.length });
      response.write(whole.subarray(0, 100_000), () => response.socket?.end());
      return true;
    };
    expect(await codeOf(open().update())).toBe("server-unreachable");
    await expectWhole();
  });

  test("because nothing has come for 30 seconds is given up", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const silent: typeof globalThis.fetch = (url, init) => {
      if (String(url) === host.indexUrl) return Promise.resolve(new Response("1.zip"));
      return new Promise((_, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        vi.advanceTimersByTime(30_000);
      });
    };
    expect(await codeOf(open(undefined, silent).update())).toBe("server-unreachable");
  });

  test("at any places, any number of times, ends with the right file", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: zip.length }), { maxLength: 4 }), async (cuts) => {
        directory = mkdtempSync(join(tmpdir(), "saqbol-exports-"));
        host.files.set("1.zip", zip);
        for (const bytes of cuts) {
          await codeOf(open(undefined, cutting(bytes)).update());
        }
        await expectWhole();
        rmSync(directory, { recursive: true });
      }),
      { numRuns: 15 },
    );
  });
});

describe("a file that cannot be had", () => {
  beforeEach(() => {
    host.files.set("1.zip", madeExport([1], LARGE));
  });

  /** A cache to whose network something happens when a file is asked for. */
  const asking = (answer: (url: string) => Promise<Response>) =>
    open(undefined, (url, init) =>
      String(url) === host.indexUrl ? fetch(url, init) : answer(String(url)),
    );

  test("because the server redirects is told as that", async () => {
    host.fault = (path, response) => {
      if (path !== "/files/1.zip") return false;
      response.writeHead(302, { location: `${host.url}/elsewhere` }).end();
      return true;
    };
    expect(await codeOf(open().update())).toBe("server-redirects");
    expect(host.asked()).toEqual(["1.zip"]);
  });

  test("because the server cannot prove its name is told as that", async () => {
    const cause = Object.assign(new Error(), { code: "CERT_HAS_EXPIRED" });
    const cache = asking(() => Promise.reject(new TypeError("fetch failed", { cause })));
    expect(await codeOf(cache.update())).toBe("server-untrusted");
  });

  test("because the cache's directory is gone is told as a failure of the cache", async () => {
    const cache = open(undefined, async (url, init) => {
      const response = await fetch(url, init);
      for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
      return response;
    });
    expect(await codeOf(cache.update())).toBe("cache-unwritable");
  });

  test("because what has come of it cannot be deleted is told as a failure of the cache", async () => {
    const begun = asking(async (url) => {
      const body = new Uint8Array(await (await fetch(url)).arrayBuffer()).subarray(0, 1000);
      return new Response(body, { headers: { etag: '"1"', "content-length": "2000" } });
    });
    expect(await codeOf(begun.update())).toBe("download-incomplete");
    const cache = asking((url) => {
      const [part] = stored(".part") as [string];
      rmSync(part);
      mkdirSync(part);
      return fetch(url);
    });
    expect(await codeOf(cache.update())).toBe("cache-unwritable");
  });
});

describe("a server that is wrong about the length", () => {
  const answering = (body: Uint8Array, length: number) =>
    open(undefined, async (url, init) =>
      String(url).endsWith("index.txt")
        ? fetch(url, init)
        : new Response(Buffer.from(body), { headers: { "content-length": String(length) } }),
    );

  beforeEach(() => {
    host.files.set("1.zip", madeExport([1]));
  });

  test.each([
    ["less came than was said", 1, "download-incomplete"],
    ["more came than was said", -1, "server-answer-malformed"],
    ["more was said than a file may have", 40_000_000, "server-answer-malformed"],
  ])("is refused: %s", async (_, difference, code) => {
    const zip = host.files.get("1.zip") as Uint8Array;
    expect(await codeOf(answering(zip, zip.length + difference).update())).toBe(code);
    expect(stored(".zip")).toEqual([]);
    expect(stored(".part")).toEqual([]);
  });

  test("is refused over HTTP too, and what is cut off is damaged", async () => {
    host.fault = (path, response, whole) => {
      if (!path.startsWith("/files/")) return false;
      response.writeHead(200, { "content-length": whole.length - 10 });
      response.end(whole.subarray(0, whole.length - 10));
      return true;
    };
    expect(await codeOf(open().update())).toBe("export-not-a-zip");
    expect(stored(".zip")).toEqual([]);
  });

  test("and sends without end is cut off", async () => {
    const endless = () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)),
      });
    const cache = open(undefined, async (url, init) =>
      String(url).endsWith("index.txt") ? fetch(url, init) : new Response(endless()),
    );
    expect(await codeOf(cache.update())).toBe("server-answer-malformed");
    expect(stored(".part")).toEqual([]);
  });
});

describe("what is deleted", () => {
  test("is what the index has not named for an hour; it is not used from then on", async () => {
    host.files.set("1.zip", madeExport([1]));
    host.files.set("2.zip", madeExport([2]));
    await open().update();
    host.files.delete("1.zip");
    const cache = open();
    expect(await cache.update()).toMatchObject({ deleted: 0 });
    expect(contents(cache)).toEqual(["2"]);
    now += HOUR + 1;
    expect(await open().update()).toMatchObject({ deleted: 1 });
    expect(stored(".zip")).toHaveLength(1);
  });

  test("is no file that was downloaded long ago, until the index has not named it for an hour", async () => {
    host.files.set("1.zip", madeExport([1]));
    host.files.set("2.zip", madeExport([2], { end: NOON + 1 }));
    const atWork = open();
    await atWork.update();
    now += 2 * HOUR;
    host.files.delete("1.zip");
    expect(await open().update()).toMatchObject({ deleted: 0, keys: 1 });
    expect(contents(atWork)).toEqual(["1", "2"]);
    now += HOUR - 1;
    expect(await open().update()).toMatchObject({ deleted: 0 });
    expect(contents(atWork)).toEqual(["1", "2"]);
    now += 1;
    expect(await open().update()).toMatchObject({ deleted: 1 });
  });

  test("is no file that was named again in between, until an hour has passed once more", async () => {
    host.files.set("1.zip", madeExport([1]));
    await open().update();
    now += 2 * HOUR;
    host.index = [];
    await open().update();
    host.index = ["1.zip"];
    await open().update();
    now += 2 * HOUR;
    host.index = [];
    expect(await open().update()).toMatchObject({ deleted: 0 });
    now += HOUR;
    expect(await open().update()).toMatchObject({ deleted: 1 });
  });

  test("is what is older than 14 days, which is not downloaded again", async () => {
    host.files.set("1.zip", madeExport([1], { end: NOON }));
    host.files.set("2.zip", madeExport([2], { end: NOON + 14 * DAY }));
    await open().update();
    host.asked();
    now = NOON + 14 * DAY + 1;
    const cache = open();
    expect(contents(cache)).toEqual(["2"]);
    expect(await cache.update()).toMatchObject({ deleted: 1, keys: 1 });
    expect(stored(".zip")).toHaveLength(1);
    await open().update();
    expect(host.asked()).toEqual([]);
  });

  test("by another desk for its age is not downloaded again either", async () => {
    host.files.set("1.zip", madeExport([1], { end: NOON }));
    await open().update();
    const late = open();
    now = NOON + 14 * DAY + 1;
    await open().update();
    host.asked();
    await late.update();
    await open().update();
    expect(host.asked()).toEqual([]);
  });

  test("is what is older than 14 days even without a server", async () => {
    host.files.set("1.zip", madeExport([1]));
    await open().update();
    now = NOON + 14 * DAY + 1;
    const offline = open(undefined, () => Promise.reject(new TypeError("fetch failed")));
    expect(await codeOf(offline.update())).toBe("server-unreachable");
    expect(stored(".zip")).toEqual([]);
  });

  test("is a file whose time lies ahead, 14 days after its download", async () => {
    host.files.set("1.zip", madeExport([1], { end: NOON + 300 * DAY }));
    await open().update();
    now += 14 * DAY + 1;
    await open().update();
    expect(stored(".zip")).toEqual([]);
  });

  test("is a download that nobody finishes, once its file is no longer named", async () => {
    host.files.set("1.zip", madeExport([1]));
    await open().update();
    const part = (stored(".zip")[0] as string).replace(
      /[^/]*$/,
      `${"0".repeat(32)}.IngI.idle.part`,
    );
    writeFileSync(part, "begun");
    await open().update();
    expect(existsSync(part)).toBe(false);
  });

  test("is a region that is no longer in the settings, after 14 days", async () => {
    host.files.set("1.zip", madeExport([1], { region: "KG" }));
    await open([regionOf(host, { region: "KG" })]).update();
    for (const file of [...stored(".zip"), ...stored(".json")]) utimesSync(file, now, now);
    host.files.set("1.zip", madeExport([1]));
    await open().update();
    expect(readdirSync(directory)).toHaveLength(2);
    now += 14 * DAY + 1;
    await open().update();
    expect(readdirSync(directory)).toHaveLength(1);
  });

  test("of a former region may be a directory", async () => {
    const inside = join(directory, "KG-00000000", "lost+found");
    mkdirSync(join(inside, "more"), { recursive: true });
    utimesSync(inside, now - 14 * DAY - 1, now - 14 * DAY - 1);
    await open().update();
    expect(readdirSync(directory)).toEqual([expect.stringMatching(/^KZ-/)]);
  });

  /** Old regions, and what happens to them while one of them is swept. */
  function sweepWhile(happens: (region: string) => void): ExportCache {
    const former = ["KG", "UZ"].map((region) => join(directory, `${region}-00000000`));
    for (const made of former) {
      mkdirSync(made);
      writeFileSync(join(made, "old.zip"), "");
      utimesSync(join(made, "old.zip"), now - 15 * DAY, now - 15 * DAY);
    }
    let isOver = false;
    // Time is asked for while the first of them is swept, once the own region is written down.
    const clock = () => {
      if (!isOver && stored(".json").length > 0) {
        isOver = true;
        for (const made of former) {
          rmSync(made, { recursive: true });
          happens(made);
        }
      }
      return now;
    };
    onTestFinished(() => expect(isOver).toBe(true));
    return new ExportCache({ regions: [regionOf(host)], directory, now: clock });
  }

  test("of former regions may be deleted by another desk at the same moment", async () => {
    const cache = sweepWhile(() => {});
    expect(await cache.update()).toMatchObject({ downloaded: 0 });
    expect(readdirSync(directory)).toEqual([expect.stringMatching(/^KZ-/)]);
  });

  test("but cannot be is told as a failure of the cache", async () => {
    const cache = sweepWhile((region) => writeFileSync(region, ""));
    expect(await codeOf(cache.update())).toBe("cache-unwritable");
  });
});

describe("damage in the cache", () => {
  beforeEach(async () => {
    host.files.set("1.zip", madeExport([1]));
    host.files.set("2.zip", madeExport([2], { end: NOON + 1 }));
    await open().update();
    host.requests.length = 0;
  });

  const damage = () => {
    const [file] = stored(".zip") as [string];
    const bytes = readFileSync(file);
    bytes[60]! ^= 1;
    writeFileSync(file, bytes);
  };

  test("is noticed by an update, and the file downloaded again", async () => {
    damage();
    const cache = open();
    expect(await cache.update()).toMatchObject({ downloaded: 1, keys: 2 });
    expect(contents(cache)).toEqual(["1", "2"]);
  });

  test("is noticed when the file is read, and the file downloaded again by the next update", async () => {
    const cache = open();
    await cache.update();
    damage();
    expect(() => contents(cache)).toThrow(/damaged or removed/);
    expect(stored(".zip")).toHaveLength(1);
    expect(await cache.update()).toMatchObject({ downloaded: 1 });
    expect(contents(cache)).toEqual(["1", "2"]);
  });

  test("that exchanges two files is noticed", async () => {
    const cache = open();
    await cache.update();
    const [a, b] = stored(".zip") as [string, string];
    renameSync(a, `${a}.x`);
    renameSync(b, a);
    renameSync(`${a}.x`, b);
    expect(() => contents(cache)).toThrow(/damaged or removed/);
  });

  test("that removes a file is noticed", async () => {
    const cache = open();
    await cache.update();
    rmSync(stored(".zip")[0] as string);
    expect(() => contents(cache)).toThrow(/damaged or removed/);
  });

  test.each([
    ["is lost", () => rmSync(stored(".json")[0] as string)],
    ["is nonsense", () => writeFileSync(stored(".json")[0] as string, "{")],
    ["is something else", () => writeFileSync(stored(".json")[0] as string, '{"files":[]}')],
    [
      "names files elsewhere",
      () => {
        const state = JSON.parse(readFileSync(stored(".json")[0] as string, "utf8"));
        state.index.paths[0] = "../../x";
        writeFileSync(stored(".json")[0] as string, JSON.stringify(state));
      },
    ],
  ])("where what is known of the files %s costs no download", async (_, harm) => {
    harm();
    const cache = open();
    expect(await cache.update()).toMatchObject({ downloaded: 0, keys: 2 });
    expect(contents(cache)).toEqual(["1", "2"]);
  });
});

test("what an older version knew of the files is used without a download", async () => {
  host.files.set("1.zip", madeExport([1]));
  await open().update();
  const [path] = stored(".json") as [string];
  const { droppedAt, ...older } = JSON.parse(readFileSync(path, "utf8"));
  expect(droppedAt).toEqual([]);
  writeFileSync(path, JSON.stringify(older));
  expect(contents(open())).toEqual(["1"]);
});

describe("keys that are trusted", () => {
  test("can be added without downloading again", async () => {
    host.files.set("1.zip", madeExport([1]));
    await open().update();
    const trustedKeys = [...trusted, { id: "401", version: "v2", pem: keyPair().pem }];
    const cache = open([regionOf(host, { trustedKeys })]);
    expect(await cache.update()).toMatchObject({ downloaded: 0, keys: 1 });
    expect(contents(cache)).toEqual(["1"]);
  });

  test("and no longer are make their files useless", async () => {
    host.files.set("1.zip", madeExport([1]));
    await open().update();
    const trustedKeys = [{ id: "401", version: "v2", pem: keyPair().pem }];
    const cache = open([regionOf(host, { trustedKeys })]);
    expect(contents(cache)).toEqual([]);
    expect(await codeOf(cache.update())).toBe("export-signer-unknown");
    expect(contents(cache)).toEqual([]);
  });
});

describe("a batch of several files", () => {
  const part = (number: number, size = 3) => madeExport([number], { batch: [number, size] });

  test("is not used before all parts are here", async () => {
    host.files.set("0", madeExport([9], { end: NOON - 1 }));
    for (const number of [3, 1]) host.files.set(`${number}`, part(number));
    const cache = open();
    expect(await cache.update()).toMatchObject({ waiting: 2, keys: 1 });
    expect(contents(cache)).toEqual(["9"]);
    host.files.set("2", part(2));
    expect(await cache.update()).toMatchObject({ waiting: 0, keys: 4 });
    expect(contents(cache)).toEqual(["9", "1", "2", "3"]);
  });

  test("is not completed by parts of another one", async () => {
    host.files.set("1", part(1));
    host.files.set("2", part(2));
    host.files.set("3", madeExport([3], { batch: [3, 3], end: NOON + 1 }));
    host.files.set("4", part(3, 4));
    const cache = open();
    expect(await cache.update()).toMatchObject({ waiting: 4, keys: 0 });
    expect(contents(cache)).toEqual([]);
  });

  test("of which one part is damaged gives no keys at all", async () => {
    for (const number of [1, 2, 3]) host.files.set(`${number}`, part(number));
    const cache = open();
    const { files } = await cache.update();
    writeFileSync(files[2]?.location as string, "damaged");
    const seen: string[] = [];
    expect(() => {
      for (const { keys } of cache.files()) seen.push(String(keys.keyData[0]));
    }).toThrow(/damaged/);
    expect(seen).toEqual([]);
  });
});

describe("several desks with one cache", () => {
  test("at work at once all get everything", async () => {
    for (let i = 0; i < 8; i++) {
      host.files.set(`${i}`, madeExport([i], { end: NOON + i, ballast: 50_000 }));
    }
    const desks = Array.from({ length: 4 }, () => open());
    await Promise.all(desks.map((desk) => desk.update()));
    for (const desk of desks) expect(contents(desk)).toEqual([..."01234567"]);
    expect(stored(".part")).toEqual([]);
    expect(stored(".json")).toHaveLength(1);
    expect(await open().update()).toMatchObject({ downloaded: 0, keys: 8 });
  });

  test("do not take away what another one has just seen in a newer index", async () => {
    host.files.set("1", madeExport([1]));
    const behind = open();
    await behind.update();
    host.files.set("2", madeExport([2], { end: NOON + 1 }));
    const ahead = open();
    await ahead.update();
    host.index = ["1"];
    await behind.update();
    expect(contents(ahead)).toEqual(["1", "2"]);
  });

  test("share a download", async () => {
    host.files.set("1", madeExport([1]));
    const waiting = open();
    await open().update();
    host.requests.length = 0;
    expect(await waiting.update()).toMatchObject({ downloaded: 0, keys: 1 });
    expect(host.asked()).toEqual([]);
  });
});

test("files are as they were downloaded, under names that no server chooses", async () => {
  host.files.set("..x/%41~.exe", madeExport([1]));
  await open().update();
  expect(stored("").map((name) => name.slice(directory.length))).toEqual([
    expect.stringMatching(/^\/KZ-[0-9a-f]{8}$/),
    expect.stringMatching(/^\/KZ-[0-9a-f]{8}\/[0-9a-f]{32}\.zip$/),
    expect.stringMatching(/^\/KZ-[0-9a-f]{8}\/state\.json$/),
  ]);
  mkdirSync(join(directory, "empty"));
  await open().update();
  expect(existsSync(join(directory, "empty"))).toBe(false);
});

test("what our own key server exports is downloaded and read", async () => {
  const pilot = await startPilot();
  const uploaded = [dayKey(1), dayKey(2)];
  await publish(pilot, uploaded);
  pilot.time += 8 * HOUR;
  expect(pilot.server.createExports()).toBe(1);
  now = pilot.time;
  const cache = open([
    regionOf(host, {
      indexUrl: `${pilot.url}/exports/KZ/index.txt`,
      baseUrl: `${pilot.url}/exports`,
      trustedKeys: [{ id: "401", version: "v1", pem: pilot.server.exportPublicKeyPem }],
    }),
  ]);
  expect(await cache.update()).toMatchObject({ downloaded: 1, waiting: 0 });
  const keys = [...eachPublishedKey(keysOf(cache.files()))];
  const found = keys.map(({ keyData }) => Buffer.from(keyData).toString("base64"));
  expect(found).toEqual(expect.arrayContaining(uploaded.map(({ key }) => key)));
  expect(await cache.update()).toMatchObject({ downloaded: 0 });
});
