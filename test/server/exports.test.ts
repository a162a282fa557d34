import { describe, expect, test } from "vitest";
import { createExports, fakeKeys } from "../../server/export-batches.ts";
import { ReportType } from "../../server/report-types.ts";
import { temporaryDirectory } from "./directory.ts";
import { type Pilot, START, seededRandom, startPilot, TODAY } from "./pilot.ts";
import { type ExportedFile, readExported } from "./read-exported.ts";
import { upkeepContext } from "./upkeep-context.ts";
import { dayKey, publish, publishReport } from "./upload.ts";

const HOUR = 3600;
const BATCH_START = START - (START % (4 * HOUR));
const BATCH_END = BATCH_START + 4 * HOUR;

async function exportsOf(pilot: Pilot): Promise<ExportedFile[]> {
  const trusted = pilot.server.exportPublicKeys;
  const files: ExportedFile[] = [];
  for (const path of await pilot.exportPaths()) {
    files.push(readExported(await pilot.exportFile(path), trusted));
  }
  return files;
}

/** The exports at the moment when a batch is due. */
async function exportsAt(pilot: Pilot, time: number): Promise<ExportedFile[]> {
  pilot.time = time;
  pilot.server.createExports();
  return exportsOf(pilot);
}

function find(file: ExportedFile, key: { key: string }) {
  return file.keys.find(({ keyData }) => Buffer.from(keyData).toString("base64") === key.key);
}

test("a batch is exported two hours after its end and not before", async () => {
  const pilot = await startPilot();
  await publish(pilot, [dayKey(1)]);
  pilot.time = BATCH_END + 2 * HOUR - 1;
  expect(pilot.server.createExports()).toBe(0);
  pilot.time += 1;
  expect(pilot.server.createExports()).toBe(1);
  expect(pilot.server.createExports()).toBe(0);
});

test("without keys there is no file and the index is empty", async () => {
  const pilot = await startPilot();
  pilot.time += 40 * HOUR;
  expect(pilot.server.createExports()).toBe(0);
  const index = await pilot.get("/exports/KZ/index.txt");
  expect([index.status, await index.text()]).toEqual([200, ""]);
});

test("the index lists paths below the base address, oldest first, without a last newline", async () => {
  const pilot = await startPilot();
  await publish(pilot, [dayKey(1)]);
  pilot.time += 4 * HOUR;
  await publish(pilot, [dayKey(2)]);
  pilot.time += 8 * HOUR;
  expect(pilot.server.createExports()).toBe(2);
  const index = await pilot.get("/exports/KZ/index.txt");
  expect(index.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(index.headers.get("cache-control")).toBe("no-cache");
  expect(await index.text()).toBe(
    [
      `KZ/${BATCH_START}-${BATCH_END}-00001.zip`,
      `KZ/${BATCH_END}-${BATCH_END + 4 * HOUR}-00001.zip`,
    ].join("\n"),
  );
  const zip = await pilot.get(`/exports/KZ/${BATCH_START}-${BATCH_END}-00001.zip`);
  expect(zip.headers.get("content-type")).toBe("application/zip");
  expect(zip.headers.get("cache-control")).toBe("public, max-age=86400");
});

test("an unknown region and an unknown file are 404 with a reason", async () => {
  const pilot = await startPilot();
  const region = await pilot.get("/exports/XX/index.txt");
  expect(region.status).toBe(404);
  expect(await region.json()).toMatchObject({ errorCode: "region_unknown" });
  const file = await pilot.get("/exports/KZ/1-2-00001.zip");
  expect(file.status).toBe(404);
  expect(await file.json()).toMatchObject({ errorCode: "export_unknown" });
});

test("a file holds the keys as published, padded and sorted", async () => {
  const pilot = await startPilot();
  const short = { ...dayKey(2), rollingPeriod: 60, transmissionRisk: 5 };
  await publish(pilot, [dayKey(1), short], { symptomOnsetInterval: TODAY - 144 });
  const [file] = await exportsAt(pilot, BATCH_END + 2 * HOUR);
  expect(file).toMatchObject({
    region: "KZ",
    startTimestamp: BATCH_START,
    endTimestamp: BATCH_END,
    batchNum: 1,
    batchSize: 1,
    revisedKeys: [],
  });
  expect(find(file!, dayKey(1))).toMatchObject({
    rollingStartIntervalNumber: TODAY - 144,
    rollingPeriod: 144,
    transmissionRiskLevel: 2,
    reportType: 1,
    daysSinceOnsetOfSymptoms: 0,
  });
  expect(find(file!, short)).toMatchObject({
    rollingPeriod: 60,
    transmissionRiskLevel: 5,
    daysSinceOnsetOfSymptoms: -1,
  });
  expect(file!.keys.length).toBeGreaterThanOrEqual(1000);
  expect(file!.keys.length).toBeLessThanOrEqual(1100);
  const hex = file!.keys.map(({ keyData }) => Buffer.from(keyData).toString("hex"));
  expect(hex).toEqual([...hex].sort());
});

test.each([
  ["none", undefined, 3],
  ["28 days ago at midnight", TODAY - 28 * 144, undefined],
  ["earlier than that", TODAY - 28 * 144 - 1, 3],
  ["the present interval", TODAY + 81, 3],
  ["the interval before", TODAY + 80, -1],
])("symptom onset: %s", async (_, symptomOnsetInterval, days) => {
  const pilot = await startPilot();
  const reply = await publish(pilot, [dayKey(1)], { symptomOnsetInterval });
  if (days === undefined) {
    // Accepted as onset, which puts the key too far from it.
    expect(reply.json).toMatchObject({ insertedExposures: 0, warnings: [expect.any(String)] });
    return;
  }
  const [file] = await exportsAt(pilot, BATCH_END + 2 * HOUR);
  expect(find(file!, dayKey(1))?.daysSinceOnsetOfSymptoms).toBe(days);
});

describe("the time under which a key is filed", () => {
  test("is the full hour of the upload", async () => {
    const pilot = await startPilot();
    pilot.time = BATCH_END - 1;
    await publish(pilot, [dayKey(1)]);
    pilot.time = BATCH_END;
    await publish(pilot, [dayKey(2)]);
    const files = await exportsAt(pilot, BATCH_END + 6 * HOUR);
    expect(files.map((file) => file.startTimestamp)).toEqual([BATCH_START, BATCH_END]);
    expect(find(files[0]!, dayKey(1))).toBeDefined();
    expect(find(files[1]!, dayKey(2))).toBeDefined();
  });

  test("leaves a key that ends late in a batch to the next one", async () => {
    const pilot = await startPilot();
    const ending = { ...dayKey(0), rollingPeriod: 92 };
    await publish(pilot, [ending]);
    const [file] = await exportsAt(pilot, BATCH_END + 6 * HOUR);
    expect(ending.rollingStartNumber + 92).toBeLessThan(BATCH_END / 600);
    expect(file!.startTimestamp).toBe(BATCH_END);
  });

  test("lies an hour after the end of a key that is still valid", async () => {
    const pilot = await startPilot();
    await publish(pilot, [dayKey(0), dayKey(1)]);
    const midnight = (TODAY + 144) * 600;
    const files = await exportsAt(pilot, midnight + 6 * HOUR);
    expect(files.map((file) => file.startTimestamp)).toEqual([BATCH_START, midnight]);
    expect(find(files[0]!, dayKey(0))).toBeUndefined();
    expect(find(files[1]!, dayKey(0))).toBeDefined();
  });
});

describe("padding", () => {
  const real = Array.from({ length: 3 }, (_, i) => ({
    keyData: new Uint8Array(16).fill(i),
    rollingStartIntervalNumber: 1000 + i,
    rollingPeriod: 144 - i,
    transmissionRiskLevel: i,
    daysSinceOnsetOfSymptoms: i,
    reportType: ReportType.confirmedTest,
    createdAt: 3600,
  }));

  test("copies all but the key from the real keys in turn", () => {
    const fakes = fakeKeys(real, seededRandom("fakes"));
    expect(fakes.length).toBeGreaterThanOrEqual(997);
    expect(fakes.length).toBeLessThanOrEqual(1097);
    fakes.forEach((fake, i) => {
      expect({ ...fake, keyData: 0 }).toEqual({ ...real[i % 3], keyData: 0 });
    });
    expect(new Set(fakes.map(({ keyData }) => keyData.join())).size).toBe(fakes.length);
  });

  test("is not needed from 1000 keys on", () => {
    const many = Array.from({ length: 1000 }, () => real[0]!);
    expect(fakeKeys(many, seededRandom("fakes"))).toEqual([]);
  });

  test("is stored: a second look at the file gives the same keys", async () => {
    const pilot = await startPilot();
    await publish(pilot, [dayKey(1)]);
    const first = await exportsAt(pilot, BATCH_END + 2 * HOUR);
    expect(await exportsAt(pilot, BATCH_END + 3 * HOUR)).toEqual(first);
  });
});

describe("a batch with more keys than one file may hold", () => {
  const keys = Array.from({ length: 14 }, (_, i) => dayKey(i + 1));

  async function splitBy(maxKeysPerFile: number): Promise<[Pilot, ExportedFile[]]> {
    const directory = temporaryDirectory();
    const pilot = await startPilot(directory);
    await publish(pilot, keys);
    pilot.time = BATCH_END + 2 * HOUR;
    createExports(upkeepContext(directory, pilot), maxKeysPerFile);
    return [pilot, await exportsOf(pilot)];
  }

  test("is split, sorted across its files, without a key lost or doubled", async () => {
    const [pilot, files] = await splitBy(400);
    expect(files.map((file) => file.keys.length > 400)).toEqual([false, false, false]);
    const all = files.flatMap((file) => file.keys);
    expect(all.length).toBeGreaterThanOrEqual(1000);
    const hex = all.map(({ keyData }) => Buffer.from(keyData).toString("hex"));
    expect(hex).toEqual([...new Set(hex)].sort());
    for (const key of keys) expect(files.filter((file) => find(file, key))).toHaveLength(1);
    expect(await pilot.exportPaths()).toEqual(
      [1, 2, 3].map((number) => `KZ/${BATCH_START}-${BATCH_END}-0000${number}.zip`),
    );
  });

  test("raises the end in each file by its number, and stays batch 1 of 1", async () => {
    const [, files] = await splitBy(400);
    const told = files.map(({ startTimestamp, endTimestamp, batchNum, batchSize }) => [
      startTimestamp,
      endTimestamp,
      batchNum,
      batchSize,
    ]);
    expect(told).toEqual([1, 2, 3].map((n) => [BATCH_START, BATCH_END + n, 1, 1]));
  });

  test("keeps its own end when everything fits", async () => {
    const [, files] = await splitBy(1100);
    expect(files.map(({ endTimestamp }) => endTimestamp)).toEqual([BATCH_END]);
  });
});

describe("revised keys", () => {
  /** Keys of a likely report in one batch, revised in a later one. */
  async function revised(type: string): Promise<ExportedFile[]> {
    const pilot = await startPilot();
    const first = await publishReport(pilot, "likely", [dayKey(1), dayKey(2)], {
      symptomOnsetInterval: TODAY - 144,
    });
    pilot.time = BATCH_END + 3 * HOUR;
    await publishReport(pilot, type, [dayKey(1)], {
      revisionToken: first.json.revisionToken,
      symptomOnsetInterval: TODAY - 3 * 144,
    });
    return exportsAt(pilot, BATCH_END + 6 * HOUR);
  }

  test("stand in the file of the batch in which they were revised, with the revised type and onset, and the risk that they had", async () => {
    const [first, second] = await revised("confirmed");
    expect(find(first!, dayKey(1))).toMatchObject({
      reportType: 2,
      transmissionRiskLevel: 4,
      daysSinceOnsetOfSymptoms: 0,
    });
    expect(first!.revisedKeys).toEqual([]);
    expect(second).toMatchObject({ startTimestamp: BATCH_END, keys: [] });
    expect(second!.revisedKeys).toEqual([
      expect.objectContaining({
        keyData: new Uint8Array(Buffer.from(dayKey(1).key, "base64")),
        rollingStartIntervalNumber: TODAY - 144,
        rollingPeriod: 144,
        reportType: 1,
        transmissionRiskLevel: 4,
        daysSinceOnsetOfSymptoms: 2,
      }),
    ]);
  });

  test("that are negative now appear as revoked", async () => {
    const [, second] = await revised("negative");
    expect(second!.revisedKeys).toEqual([expect.objectContaining({ reportType: 5 })]);
  });

  test("are not padded, and a file of them alone gets no fake keys", async () => {
    const [, second] = await revised("negative");
    expect([second!.keys.length, second!.revisedKeys.length]).toEqual([0, 1]);
  });

  test("count for the size of a file, behind the new keys", async () => {
    const directory = temporaryDirectory();
    const pilot = await startPilot(directory);
    const keys = Array.from({ length: 6 }, (_, i) => dayKey(i + 1));
    const first = await publishReport(pilot, "likely", keys);
    await publishReport(pilot, "negative", keys, { revisionToken: first.json.revisionToken });
    pilot.time = BATCH_END + 2 * HOUR;
    createExports(upkeepContext(directory, pilot), 600);
    const files = await exportsOf(pilot);
    const news = files.flatMap((file) => file.keys).length;
    expect(files.map((file) => [file.keys.length, file.revisedKeys.length])).toEqual([
      [600, 0],
      [news - 600, 6],
    ]);
  });
});

describe("caches", () => {
  test("get 304 for what they have, of index and files", async () => {
    const pilot = await startPilot();
    await publish(pilot, [dayKey(1)]);
    pilot.time = BATCH_END + 2 * HOUR;
    pilot.server.createExports();
    const [path] = await pilot.exportPaths();
    for (const address of ["/exports/KZ/index.txt", `/exports/${path}`]) {
      const first = await pilot.get(address);
      const etag = first.headers.get("etag")!;
      expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
      const again = await fetch(pilot.url + address, { headers: { "if-none-match": etag } });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      expect(again.headers.get("cache-control")).toBe(first.headers.get("cache-control"));
      const other = await fetch(pilot.url + address, { headers: { "if-none-match": '"x"' } });
      expect(other.status).toBe(200);
    }
  });

  test("see a new index when a file was added", async () => {
    const pilot = await startPilot();
    const before = (await pilot.get("/exports/KZ/index.txt")).headers.get("etag")!;
    await publish(pilot, [dayKey(1)]);
    pilot.time = BATCH_END + 2 * HOUR;
    pilot.server.createExports();
    const init = { headers: { "if-none-match": before } };
    expect((await fetch(`${pilot.url}/exports/KZ/index.txt`, init)).status).toBe(200);
  });

  test("may ask with HEAD, and are told lengths", async () => {
    const pilot = await startPilot();
    await publish(pilot, [dayKey(1)]);
    pilot.time = BATCH_END + 2 * HOUR;
    pilot.server.createExports();
    const [path] = await pilot.exportPaths();
    const zip = await pilot.exportFile(path!);
    const head = await fetch(`${pilot.url}/exports/${path}`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(head.headers.get("content-length")).toBe(String(zip.length));
    expect(head.headers.get("etag")).not.toBeNull();
    const missing = await fetch(`${pilot.url}/exports/KZ/1-2-00001.zip`, { method: "HEAD" });
    expect(missing.status).toBe(404);
  });
});

test("a batch is half open: it begins with its first second and ends before its last", async () => {
  const pilot = await startPilot();
  for (const [time, day] of [
    [BATCH_START, 1],
    [BATCH_END - 1, 2],
    [BATCH_END, 3],
  ] as const) {
    pilot.time = time;
    await publish(pilot, [dayKey(day)]);
  }
  const [first, second] = await exportsAt(pilot, BATCH_END + 6 * HOUR);
  expect([1, 2, 3].map((day) => find(first!, dayKey(day)) !== undefined)).toEqual([
    true,
    true,
    false,
  ]);
  expect(find(second!, dayKey(3))).toBeDefined();
});

test("after days without upkeep every batch gets its file", async () => {
  const pilot = await startPilot();
  for (let batch = 0; batch < 6; batch++) {
    await publish(pilot, [dayKey(1, `batch ${batch}`)]);
    pilot.time += 8 * HOUR;
  }
  pilot.time += 60 * HOUR;
  expect(pilot.server.createExports()).toBe(6);
});
