import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ekeyhmac } from "../../companion/servers/ekeyhmac.ts";
import { openKeyServer } from "../../server/key-server.ts";
import { KEY_KINDS, type KeyKindName, retireKey, rotateKey } from "../../server/key-versions.ts";
import { openSecretStore } from "../../server/secret-store.ts";
import { temporaryDirectory } from "./directory.ts";
import { type Pilot, START, startPilot } from "./pilot.ts";
import { readExported } from "./read-exported.ts";
import {
  certify,
  certifyReport,
  dayKey,
  HMAC_KEY,
  publish,
  publishBody,
  publishReport,
} from "./upload.ts";

const HOUR = 3600;

/** A second server on the same directory, as after a restart, at the same time. */
async function restarted(directory: string, before: Pilot): Promise<Pilot> {
  const pilot = await startPilot(directory);
  pilot.time = before.time;
  return pilot;
}

function rotate(directory: string, ...kinds: KeyKindName[]): void {
  for (const kind of kinds) rotateKey(openSecretStore(directory), kind);
}

async function onlyExport(pilot: Pilot): Promise<Uint8Array> {
  pilot.server.createExports();
  const paths = await pilot.exportPaths();
  return pilot.exportFile(paths.at(-1)!);
}

test("every kind of key has a file of its own; public halves lie beside the private ones", async () => {
  const directory = temporaryDirectory();
  await startPilot(directory);
  const files = readdirSync(directory);
  for (const kind of Object.values(KEY_KINDS)) {
    expect(files).toContain(kind.file);
    if ("publicFile" in kind) expect(files).toContain(kind.publicFile);
  }
});

describe("the export key, once rotated", () => {
  async function rotated() {
    const directory = temporaryDirectory();
    const old = await startPilot(directory);
    rotate(directory, "export");
    const pilot = await restarted(directory, old);
    await publish(pilot, [dayKey(1)]);
    pilot.time += 8 * HOUR;
    return { directory, old, pilot };
  }

  test("signs beside the old one: a desk that has either believes the file", async () => {
    const { old, pilot } = await rotated();
    const zip = await onlyExport(pilot);
    expect(pilot.server.exportPublicKeys.map(({ version }) => version)).toEqual(["v2", "v1"]);
    const [newest, oldest] = pilot.server.exportPublicKeys;
    expect(oldest!.pem).toBe(old.server.exportPublicKeyPem);
    expect(newest!.pem).not.toBe(oldest!.pem);
    expect(readExported(zip, [newest!]).keys).toEqual(readExported(zip, [oldest!]).keys);
  });

  test("stands first, in the file and in its list of signatures", async () => {
    const { pilot } = await rotated();
    const zip = Buffer.from(await onlyExport(pilot));
    const { unzipSync } = await import("fflate");
    const { "export.bin": bin, "export.sig": sig } = unzipSync(zip);
    for (const file of [bin, sig]) {
      const versions = Buffer.from(file!)
        .toString("latin1")
        .match(/v[12](?=".401)/gs);
      expect(versions).toEqual(["v2", "v1"]);
    }
  });

  test("leaves older files as they were", async () => {
    const directory = temporaryDirectory();
    const old = await startPilot(directory);
    await publish(old, [dayKey(1)]);
    old.time += 8 * HOUR;
    const zip = await onlyExport(old);
    rotate(directory, "export");
    const pilot = await restarted(directory, old);
    expect(await onlyExport(pilot)).toEqual(zip);
  });

  test("is alone when the old one is retired, whose public key goes too", async () => {
    const { directory, old, pilot } = await rotated();
    retireKey(openSecretStore(directory), "export", 1);
    const later = await restarted(directory, pilot);
    expect(later.server.exportPublicKeys.map(({ version }) => version)).toEqual(["v2"]);
    const zip = await onlyExport(later);
    const trusted = [{ id: "401", version: "v1", pem: old.server.exportPublicKeyPem }];
    expect(() => readExported(zip, trusted)).toThrow();
    expect(readdirSync(directory)).not.toContain("export-public-key.pem");
  });

  test("has ten versions at most", () => {
    const store = openSecretStore(temporaryDirectory());
    for (let i = 0; i < 9; i++) rotateKey(store, "export");
    expect(() => rotateKey(store, "export")).toThrow(/10 versions .* retire the oldest/);
    retireKey(store, "export", 1);
    expect(rotateKey(store, "export").version).toBe(11);
  });
});

test("certificates of the old key are good until they end, those of a retired key are not", async () => {
  const directory = temporaryDirectory();
  const old = await startPilot(directory);
  const certificate = await certify(old, await old.positive("1234567890"), [dayKey(1)]);
  const other = await certifyReport(old, "confirmed", [dayKey(2)]);
  rotate(directory, "certificate");
  const pilot = await restarted(directory, old);
  const fresh = await certifyReport(pilot, "confirmed", [dayKey(3)]);
  expect(fresh.split(".")[0]).not.toBe(certificate.split(".")[0]);
  for (const [payload, key] of [
    [certificate, dayKey(1)],
    [fresh, dayKey(3)],
  ] as const) {
    expect((await pilot.post("/v1/publish", publishBody(payload, [key]))).status).toBe(200);
  }
  retireKey(openSecretStore(directory), "certificate", 1);
  const later = await restarted(directory, pilot);
  const refused = await later.post("/v1/publish", publishBody(other, [dayKey(2)]));
  expect(refused.status).toBe(401);
});

test("tokens of the old key buy certificates still", async () => {
  const directory = temporaryDirectory();
  const old = await startPilot(directory);
  const token = await old.verified("confirmed");
  rotate(directory, "token");
  const pilot = await restarted(directory, old);
  const body = { token, ekeyhmac: ekeyhmac([dayKey(1)], HMAC_KEY) };
  expect((await pilot.device("certificate", body)).status).toBe(200);
});

test("what was stored under the old secret is recognised: codes, tokens, revisions, limits", async () => {
  const directory = temporaryDirectory();
  const old = await startPilot(directory);
  await old.test("1234567890", "positive");
  await old.test("1234567891");
  const registrationToken = await old.positive("1234567892");
  const issued = await old.admin("issue", { testType: "confirmed", testDate: "2020-09-15" });
  const token = await old.verified("confirmed");
  const { revisionToken } = (await publishReport(old, "likely", [dayKey(1)])).json;
  const redeemed = await certify(old, await old.positive("1234567893"), [dayKey(5)]);
  await old.post("/v1/publish", publishBody(redeemed, [dayKey(5)]));
  const open = await certify(old, await old.positive("1234567894"), [dayKey(6)]);
  for (let i = 0; i < 10; i++) {
    await old.lookUp(`000000000${i}`, { "x-forwarded-for": "192.0.2.66" });
  }

  rotate(directory, "secret");
  const pilot = await restarted(directory, old);
  expect((await pilot.laboratory("samples", { code: "1234567890" })).status).toBe(409);
  const result = { code: "1234567891", result: "negative" };
  expect((await pilot.laboratory("results", result)).status).toBe(200);
  expect((await pilot.lookUp("1234567890")).status).toBe(201);
  expect((await pilot.post("/version/v1/testresult", { registrationToken })).status).toBe(200);
  expect((await pilot.admin("checkcodestatus", { uuid: issued.json.uuid })).status).toBe(200);
  expect((await pilot.device("verify", { code: issued.json.code })).status).toBe(200);
  const body = { token, ekeyhmac: ekeyhmac([dayKey(2)], HMAC_KEY) };
  expect((await pilot.device("certificate", body)).status).toBe(200);
  const revision = await publishReport(pilot, "confirmed", [dayKey(1)], { revisionToken });
  expect(revision.status).toBe(200);
  const again = await pilot.post("/v1/publish", publishBody(redeemed, [dayKey(5)]));
  expect(again).toMatchObject({ status: 200, json: { insertedExposures: 0 } });
  expect((await pilot.post("/v1/publish", publishBody(open, [dayKey(6)]))).status).toBe(200);
  const limited = await pilot.lookUp("1234567890", { "x-forwarded-for": "192.0.2.66" });
  expect(limited.status).toBe(429);
});

test.each(["laboratory", "device", "admin"] as const)(
  "the %s key has old and new versions that are both good, until the old is retired",
  async (kind) => {
    const directory = temporaryDirectory();
    const old = await startPilot(directory);
    const keyOf = ({ server }: Pilot) =>
      ({ laboratory: server.laboratoryKey, device: server.deviceKey, admin: server.adminKey })[
        kind
      ];
    const path = {
      laboratory: "/laboratory/v1/samples",
      device: "/api/verify",
      admin: "/api/issue",
    }[kind];
    rotate(directory, kind);
    const pilot = await restarted(directory, old);
    expect(keyOf(pilot)).not.toBe(keyOf(old));
    const status = async (at: Pilot, key: string) =>
      (await at.post(path, {}, { "x-api-key": key })).status;
    expect(await status(pilot, keyOf(pilot))).toBe(400);
    expect(await status(pilot, keyOf(old))).toBe(400);
    retireKey(openSecretStore(directory), kind, 1);
    const later = await restarted(directory, pilot);
    expect(await status(later, keyOf(old))).toBe(401);
    expect(await status(later, keyOf(pilot))).toBe(400);
  },
);

test("the newest version, and one that is not there, cannot be retired", () => {
  const store = openSecretStore(temporaryDirectory());
  rotateKey(store, "export");
  expect(() => retireKey(store, "export", 2)).toThrow(/newest .* rotate it first/);
  expect(() => retireKey(store, "export", 7)).toThrow(/no version 7/);
});

test.each([
  ["export-signing-key.pem", "is not a private key"],
  ["server-secret", "is not a server secret"],
  ["device-key", "is not an API key"],
])("a damaged %s is named", (file, message) => {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, file), "nonsense");
  expect(() => openKeyServer({ dataDir: directory, now: () => START })).toThrow(
    `The file ${file} in the data directory ${message}.`,
  );
});

test("a public key that belongs to another signing key is named", () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "export-public-key.pem"), "nonsense");
  expect(() => openKeyServer({ dataDir: directory, now: () => START })).toThrow(
    "The file export-public-key.pem in the data directory belongs to another signing key.",
  );
});
