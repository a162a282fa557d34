import { join } from "node:path";
import Libsql from "libsql";
import { expect, test } from "vitest";
import type { Database } from "../../server/database.ts";
import { writeExportFile } from "../../server/export-file.ts";
import { SCHEMA_STEPS } from "../../server/schema.ts";
import { openSecretStore } from "../../server/secret-store.ts";
import { openSecrets, type ServerSecrets } from "../../server/secrets.ts";
import { temporaryDirectory } from "./directory.ts";
import { START, seededRandom, startPilot, TODAY } from "./pilot.ts";
import { readExported } from "./read-exported.ts";
import { certify, dayKey, publishBody } from "./upload.ts";

const CODE_SHA256 = "c775e7b757ede630cd0aa1113bd102661ab38829ca52a6422ab782862f268646";
const NAME = `${START - 86_400}-${START - 72_000}-00001.zip`;

/** A database as version 1 of the schema left it, with a row in every table. */
function writeVersion1(directory: string, secrets: ServerSecrets): Uint8Array {
  const db = new Libsql(join(directory, "key-server.sqlite"));
  const old = { execute: (sql: string) => db.exec(sql) } as unknown as Database;
  SCHEMA_STEPS[0]!(old);
  db.exec("PRAGMA user_version = 1");
  const run = (sql: string, ...values: unknown[]) => db.prepare(sql).run(values);
  run(
    "INSERT INTO tests VALUES (1, ?, ?, 2, ?)",
    secrets.hash("code", CODE_SHA256),
    secrets.hash("token", "0b8c1a4e-9f5e-4a44-9d2c-0f3f2f0d6a10"),
    START,
  );
  run("INSERT INTO certificates VALUES (?, 1, ?)", secrets.hash("certificate", "a"), START + 900);
  run("INSERT INTO redeemed_certificates VALUES (?, ?)", Buffer.alloc(32, 1), START + 900);
  run("INSERT INTO look_ups VALUES (1, ?, ?, 0)", Buffer.alloc(32, 2), START);
  run(
    "INSERT INTO temporary_exposure_keys VALUES (?, ?, 144, 2, 3, ?)",
    Buffer.from(dayKey(1).key, "base64"),
    TODAY - 144,
    START - (START % 3600),
  );
  // More than one part.
  const random = seededRandom("version 1");
  const zip = writeExportFile(
    {
      region: "KZ",
      startTimestamp: START - 86_400,
      endTimestamp: START - 72_000,
      keys: Array.from({ length: 60_000 }, () => ({
        keyData: random(16),
        rollingStartIntervalNumber: TODAY - 288,
        rollingPeriod: 144,
        transmissionRiskLevel: 2,
        daysSinceOnsetOfSymptoms: 0,
      })),
    },
    secrets.exportKeys[0]!.privateKey,
  );
  run("INSERT INTO exports VALUES (?, ?, ?)", NAME, START - 86_400, zip);
  db.close();
  return zip;
}

test("a database of version 1 keeps its tests, tokens, keys and exports", async () => {
  const directory = temporaryDirectory();
  const zip = writeVersion1(directory, openSecrets(openSecretStore(directory)));
  expect(zip.length).toBeGreaterThan(1024 * 1024);
  const pilot = await startPilot(directory);

  const downloaded = await pilot.exportFile(`KZ/${NAME}`);
  expect(Buffer.from(downloaded).equals(zip)).toBe(true);
  expect(readExported(downloaded, pilot.server.exportPublicKeys).keys).toHaveLength(60_000);

  const token = "0b8c1a4e-9f5e-4a44-9d2c-0f3f2f0d6a10";
  const result = await pilot.post("/version/v1/testresult", { registrationToken: token });
  expect(result.json).toEqual({ testResult: 2 });
  const lookUp = { keyType: "GUID", key: CODE_SHA256 };
  const found = await pilot.post("/version/v1/registrationToken", lookUp);
  expect(found.status).toBe(201);
  const certificate = await certify(pilot, found.json.registrationToken, [dayKey(2)]);
  const published = await pilot.post("/v1/publish", publishBody(certificate, [dayKey(2)]));
  expect(published.json.insertedExposures).toBe(1);

  pilot.time = START + 8 * 3600;
  expect(pilot.server.createExports()).toBe(1);
  const paths = await pilot.exportPaths();
  const file = readExported(await pilot.exportFile(paths[1]!), pilot.server.exportPublicKeys);
  for (const key of [dayKey(1), dayKey(2)]) {
    const exported = file.keys.find(
      ({ keyData }) => Buffer.from(keyData).toString("base64") === key.key,
    );
    expect(exported).toMatchObject({ reportType: 1, transmissionRiskLevel: 2 });
  }
});

test("the database of a new server and of one that was brought up to date have one schema", async () => {
  const schema = (directory: string) => {
    const db = new Libsql(join(directory, "key-server.sqlite"));
    const rows = db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all([]);
    db.close();
    return rows;
  };
  const [fresh, migrated] = [temporaryDirectory(), temporaryDirectory()];
  writeVersion1(migrated, openSecrets(openSecretStore(migrated)));
  await startPilot(fresh);
  await startPilot(migrated);
  expect(schema(migrated)).toEqual(schema(fresh));
});
