import { describe, expect, test } from "vitest";
import { type ExportFile, readExport } from "../../companion/exports/export-file.ts";
import { fakeKeys, splitBatch } from "../../server/export-batches.ts";
import { eachPublishedKey } from "../support/each-published-key.ts";
import { type Pilot, START, seededRandom, startPilot, TODAY } from "./pilot.ts";
import { dayKey, publish } from "./upload.ts";

const HOUR = 3600;
const BATCH_START = START - (START % (4 * HOUR));
const BATCH_END = BATCH_START + 4 * HOUR;

async function exportsOf(pilot: Pilot): Promise<ExportFile[]> {
  const trusted = [{ id: "401", version: "v1", pem: pilot.server.exportPublicKeyPem }];
  const files: ExportFile[] = [];
  for (const path of await pilot.exportPaths()) {
    files.push(readExport(await pilot.exportFile(path), trusted));
  }
  return files;
}

/** The exports at the moment when a batch is due. */
async function exportsAt(pilot: Pilot, time: number): Promise<ExportFile[]> {
  pilot.time = time;
  pilot.server.createExports();
  return exportsOf(pilot);
}

const keysIn = (file: ExportFile) => [...eachPublishedKey([file.keys])];

function find(file: ExportFile, key: { key: string }) {
  return keysIn(file).find(({ keyData }) => Buffer.from(keyData).toString("base64") === key.key);
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
    revisedKeys: { length: 0 },
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
  const hex = keysIn(file!).map(({ keyData }) => Buffer.from(keyData).toString("hex"));
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

test("a batch is split into files of bounded size", () => {
  expect(splitBatch([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(splitBatch([1, 2], 2)).toEqual([[1, 2]]);
});
