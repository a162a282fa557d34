import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { createExports } from "../../server/export-batches.ts";
import { openKeyServer } from "../../server/key-server.ts";
import { everyByte, rowCounts, temporaryDirectory } from "./directory.ts";
import { type Pilot, START, startPilot } from "./pilot.ts";
import { upkeepContext } from "./upkeep-context.ts";
import { certify, dayKey, publish, publishBody, publishReport } from "./upload.ts";

const HOUR = 3600;

/** Leaves a trace in every table. */
async function useEverything(pilot: Pilot): Promise<void> {
  await publish(pilot, [dayKey(1)]);
  await certify(pilot, await pilot.positive("1234567890"), [dayKey(2)]);
  await pilot.lookUp("0000000000");
  await pilot.verified("likely", { symptomDate: "2020-09-12" });
  pilot.time += 8 * HOUR;
  pilot.server.createExports();
}

test("no code, no SHA-256 of a code and no token is on the disk", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  const code = "8317204659";
  const token = await pilot.positive(code);
  const certificate = await certify(pilot, token, [dayKey(1)]);
  const sha256 = createHash("sha256").update(code).digest();
  const secrets = [
    code,
    sha256,
    sha256.toString("hex"),
    token,
    Buffer.from(token.replaceAll("-", ""), "hex"),
    JSON.parse(Buffer.from(certificate.split(".")[1]!, "base64url").toString()).jti,
    "127.0.0.1",
  ];
  const check = () => {
    const bytes = everyByte(directory);
    for (const secret of secrets) expect(bytes.includes(secret)).toBe(false);
  };
  check();
  await pilot.post("/v1/publish", publishBody(certificate, [dayKey(1)]));
  expect(everyByte(directory).includes(Buffer.from(dayKey(1).key, "base64"))).toBe(true);
  check();
});

test("publishing deletes all certificates of the test and leaves no trace of which test it was", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  const token = await pilot.positive("1234567890");
  await certify(pilot, token, [dayKey(2)]);
  const certificate = await certify(pilot, token, [dayKey(1)]);
  expect(rowCounts(directory)).toMatchObject({ certificates: 2, redeemed_certificates: 0 });
  await pilot.post("/v1/publish", publishBody(certificate, [dayKey(1)]));
  expect(rowCounts(directory)).toMatchObject({ certificates: 0, redeemed_certificates: 1 });
});

test("nothing in the database joins a key to a test", async () => {
  const directory = temporaryDirectory();
  await useEverything(await startPilot(directory));
  const db = new Database(join(directory, "key-server.sqlite"));
  const [table] = db
    .prepare("SELECT sql FROM sqlite_schema WHERE name = 'temporary_exposure_keys'")
    .all([]) as { sql: string }[];
  expect(table!.sql).not.toContain("REFERENCES");
  expect(table!.sql).toContain("WITHOUT ROWID");
  const columns = db.pragma("table_info(temporary_exposure_keys)") as { name: string }[];
  expect(columns.map(({ name }) => name)).toEqual([
    "key_data",
    "rolling_start_interval_number",
    "rolling_period",
    "transmission_risk_level",
    "days_since_onset_of_symptoms",
    "created_at",
    "report_type",
    "revised_report_type",
    "revised_days_since_onset_of_symptoms",
    "revised_at",
  ]);
  db.close();
});

test("after 336 hours no table holds anything, and the disk no key, real or fake, and no export", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  await useEverything(pilot);
  expect(new Set(Object.values(rowCounts(directory))).has(0)).toBe(false);
  const { db } = upkeepContext(directory, pilot);
  const keys = db.all<{ key_data: Uint8Array }>("SELECT key_data FROM temporary_exposure_keys");
  expect(keys.length).toBeGreaterThan(1000);
  const zips = db.all<{ bytes: Uint8Array }>("SELECT bytes FROM export_parts");
  const traces = [
    ...keys.map((key) => key.key_data),
    ...zips.map(({ bytes }) => bytes.subarray(100, 132)),
  ];
  const before = everyByte(directory);
  for (const trace of traces) expect(before.includes(Buffer.from(trace))).toBe(true);

  // The last thing was filed in the hour that began at the start.
  pilot.time = START + 336 * HOUR;
  pilot.server.deleteExpired();
  expect(new Set(Object.values(rowCounts(directory)))).toEqual(new Set([0]));
  const after = everyByte(directory);
  for (const trace of traces) expect(after.includes(Buffer.from(trace))).toBe(false);
});

test("in the midst of things only what is older than 336 hours goes, wherever it is", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  const { db } = upkeepContext(directory, pilot);
  for (let day = 0; day < 20; day++) {
    pilot.time = START + day * 24 * HOUR;
    const keys = [recentKey(pilot, `day ${day}`)];
    const { revisionToken } = (await publishReport(pilot, "likely", keys)).json;
    await publishReport(pilot, "confirmed", keys, { revisionToken });
    await pilot.positive(String(1_000_000_000 + day));
    pilot.time += 8 * HOUR;
    pilot.server.createExports();
    pilot.server.deleteExpired();
    const limit = pilot.time - 336 * HOUR;
    for (const [table, column] of [
      ["temporary_exposure_keys", "created_at"],
      ["temporary_exposure_keys", "revised_at"],
      ["tests", "created_at"],
      ["verification_codes", "created_at"],
      ["export_files", "start_timestamp"],
    ] as const) {
      const [row] = db.all<{ oldest: number }>(`SELECT min(${column}) AS oldest FROM ${table}`);
      expect(row!.oldest).toBeGreaterThan(limit);
    }
    const bytes = everyByte(directory);
    const there = Array.from({ length: day + 1 }, (_, past) => {
      pilot.time = START + past * 24 * HOUR;
      return bytes.includes(Buffer.from(recentKey(pilot, `day ${past}`).key, "base64"));
    });
    expect(there).toEqual(there.map((_, past) => past > day - 14));
  }
});

/** A key of the day before, whatever day it is. */
function recentKey(pilot: Pilot, label: string) {
  return { ...dayKey(1, label), rollingStartNumber: (Math.floor(pilot.time / 86_400) - 1) * 144 };
}

test("parts of an export that was never finished are cleared away, with the keys in them", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  const { db } = upkeepContext(directory, pilot);
  const trace = Buffer.alloc(64, 0xa5);
  const sql = "INSERT INTO export_parts (name, part, bytes) VALUES ('1-2-00001.zip', ?, ?)";
  for (let part = 0; part < 6; part++) db.run(sql, part, new Uint8Array(trace));
  pilot.server.deleteExpired();
  expect(rowCounts(directory).export_parts).toBe(0);
  expect(everyByte(directory).includes(trace)).toBe(false);
});

test("a file whose parts are not all there is never offered", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  await publish(pilot, [dayKey(1)]);
  pilot.time += 8 * HOUR;
  const context = upkeepContext(directory, pilot);
  // As if a second server on the same directory cleared up meanwhile.
  const breathe = () => void context.db.run("DELETE FROM export_parts");
  expect(() => createExports({ ...context, breathe })).toThrow("not whole");
  expect(rowCounts(directory).export_files).toBe(0);
  expect(createExports(context)).toBe(1);
});

test("before that keys, exports and tests stay", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  await useEverything(pilot);
  pilot.time = START + 330 * HOUR;
  pilot.server.deleteExpired();
  expect(rowCounts(directory)).toMatchObject({
    export_files: 1,
    export_parts: 1,
    tests: 2,
    verification_codes: 1,
    verification_tokens: 0,
    certificates: 0,
    redeemed_certificates: 0,
    attempts: 0,
  });
  expect(rowCounts(directory).temporary_exposure_keys).toBeGreaterThanOrEqual(1000);
});

test("an export that was deleted is not made again from keys that are an hour younger", async () => {
  const pilot = await startPilot();
  await publish(pilot, [dayKey(1)]);
  pilot.time += 8 * HOUR;
  expect(pilot.server.createExports()).toBe(1);
  // The batch began an hour before the key's own full hour.
  pilot.time = START - (START % (4 * HOUR)) + 336 * HOUR;
  pilot.server.deleteExpired();
  expect(pilot.server.createExports()).toBe(0);
});

test("a restart keeps keys, results, tokens, exports and the rate limit", async () => {
  const directory = temporaryDirectory();
  const first = await startPilot(directory);
  const token = await first.positive("1234567890");
  await publish(first, [dayKey(1)]);
  for (let i = 0; i < 10; i++) await first.lookUp(`000000000${i}`);
  first.time += 8 * HOUR;
  first.server.createExports();
  const path = (await first.exportPaths())[0]!;
  const zip = await first.exportFile(path);

  const second = await startPilot(directory);
  expect(second.server.exportPublicKeyPem).toBe(first.server.exportPublicKeyPem);
  expect(second.server.laboratoryKey).toBe(first.server.laboratoryKey);
  expect((await second.lookUp("1234567890")).status).toBe(429);
  const result = await second.post("/version/v1/testresult", { registrationToken: token });
  expect(result.json).toEqual({ testResult: 2 });
  expect(await second.exportFile(path)).toEqual(zip);
  second.time = first.time;
  expect(second.server.createExports()).toBe(0);
});

test("secrets and database are readable by their owner only", async () => {
  const directory = temporaryDirectory();
  await useEverything(await startPilot(directory));
  for (const name of readdirSync(directory)) {
    expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
  }
});

test("a database of a newer server is not touched", () => {
  const directory = temporaryDirectory();
  const db = new Database(join(directory, "key-server.sqlite"));
  db.exec("PRAGMA user_version = 99");
  db.close();
  expect(() => openKeyServer({ dataDir: directory, now: () => START })).toThrow(
    /schema version 99/,
  );
});
