/**
 * `npm run bench:server`: how many uploads a second the server takes over HTTP on loopback, and what
 * it costs to make, to download and to delete a batch of a million keys while it goes on answering.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database } from "../database.ts";
import { ekeyhmac, type SentKey } from "../ekeyhmac.ts";
import { ReportType } from "../report-types.ts";
import { insertKey } from "../temporary-exposure-keys.ts";
import { BenchServer } from "./bench-server.ts";
import { Latencies } from "./latencies.ts";

const UPLOADS = 1500;
const KEYS_PER_UPLOAD = 14;
/** Calls under way at a time. */
const CALLERS = 16;
const EXPORTED_KEYS = 1_000_000;
const KEYS_PER_TRANSACTION = 10_000;
const HOUR = 3600;
const BATCH_PERIOD = 4 * HOUR;

interface Upload {
  readonly keys: SentKey[];
  readonly secret: Buffer;
  certificate: string;
}

const today = Math.floor(Date.now() / 86_400_000);
const folder = mkdtempSync(join(tmpdir(), "saqbol-server-bench-"));
try {
  await publishing(join(folder, "publishing"));
  await exporting(join(folder, "exporting"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function publishing(dataDir: string): Promise<void> {
  const server = await BenchServer.start(dataDir);
  const uploads = Array.from({ length: UPLOADS }, makeUpload);
  const certifying = await timed(() => each(uploads, (upload) => certify(server, upload)));
  const latencies = new Latencies();
  const sending = await timed(() =>
    each(uploads, (upload) => latencies.measure(() => publish(server, upload))),
  );
  console.log(
    [
      `${UPLOADS} uploads of ${KEYS_PER_UPLOAD} keys, ${CALLERS} at a time, over HTTP on loopback:`,
      `  publish alone                            ${perSecond(UPLOADS, sending)} a second; ${latencies}`,
      `  issue, verify and certificate before it  ${perSecond(UPLOADS, certifying)} a second`,
      `  memory at most                           ${server.peakMemory()}`,
      "",
    ].join("\n"),
  );
  await server.stop();
}

async function exporting(dataDir: string): Promise<void> {
  // Makes the keys; its memory is what the server takes without a batch.
  const idle = await BenchServer.start(dataDir);
  const idleMemory = idle.peakMemory();
  const uploads = Array.from({ length: 600 }, makeUpload);
  await each(uploads, (upload) => certify(idle, upload));
  await idle.stop();
  fillBatch(dataDir);

  const server = await BenchServer.start(dataDir);
  const began = performance.now();
  let paths: string[] = [];
  const meanwhile = await callUntil(server, uploads, async () => {
    const index = await (await server.get("/exports/KZ/index.txt")).text();
    paths = index === "" ? [] : index.split("\n");
    return paths.length > 0;
  });
  const making = (performance.now() - began) / 1000;
  const makingMemory = server.peakMemory();
  let bytes = 0;
  const downloading = await timed(async () => {
    for (const path of paths) {
      bytes += (await (await server.get(`/exports/${path}`)).arrayBuffer()).byteLength;
    }
  });
  console.log(
    [
      `Export of ${EXPORTED_KEYS.toLocaleString("en")} keys, made while the server is called:`,
      `  made in              ${making.toFixed(1)} s: ${paths.length} files, ${(bytes / 1e6).toFixed(1)} MB`,
      ...meanwhile,
      `  downloaded in        ${downloading.toFixed(2)} s: ${(bytes / 1e6 / downloading).toFixed(0)} MB a second`,
      `  memory at most       ${makingMemory} while making, ${server.peakMemory()} after the download; ${idleMemory} when idle`,
      "",
    ].join("\n"),
  );
  await server.stop();
  await deleting(dataDir, uploads);
}

async function deleting(dataDir: string, uploads: Upload[]): Promise<void> {
  const db = new Database(dataDir);
  const old = Math.floor(Date.now() / 1000) - 337 * HOUR;
  db.run("UPDATE temporary_exposure_keys SET created_at = ?", old);
  db.truncateLog();
  const server = await BenchServer.start(dataDir);
  const began = performance.now();
  const any = "SELECT 1 FROM temporary_exposure_keys WHERE created_at <= ? LIMIT 1";
  const meanwhile = await callUntil(server, uploads, async () => db.get(any, old) === undefined);
  const seconds = (performance.now() - began) / 1000;
  console.log(
    [
      `Deletion of ${EXPORTED_KEYS.toLocaleString("en")} keys that are two weeks old, overwriting them:`,
      `  deleted in           ${seconds.toFixed(1)} s`,
      ...meanwhile,
      `  memory at most       ${server.peakMemory()}`,
    ].join("\n"),
  );
  db.close();
  await server.stop();
}

/** Asks for health, and publishes now and then, until something is done; tells how long that took. */
async function callUntil(
  server: BenchServer,
  uploads: Upload[],
  done: () => Promise<boolean>,
): Promise<string[]> {
  const health = new Latencies();
  const publishes = new Latencies();
  for (let turn = 0; !(await done()); turn++) {
    await health.measure(() => server.get("/health"));
    const upload = turn % 5 === 0 ? uploads.pop() : undefined;
    if (upload) await publishes.measure(() => publish(server, upload));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return [`  meanwhile health     ${health}`, `  meanwhile publish    ${publishes}`];
}

/** A batch that has just become due. */
function fillBatch(dataDir: string): void {
  const db = new Database(dataDir);
  const now = Math.floor(Date.now() / 1000);
  const end = Math.floor((now - 2 * HOUR) / BATCH_PERIOD) * BATCH_PERIOD;
  const createdAt = end - HOUR;
  for (let done = 0; done < EXPORTED_KEYS; done += KEYS_PER_TRANSACTION) {
    db.transaction(() => {
      for (let i = 0; i < KEYS_PER_TRANSACTION; i++) {
        insertKey(db, {
          keyData: randomBytes(16),
          rollingStartIntervalNumber: (today - 1 - (i % KEYS_PER_UPLOAD)) * 144,
          rollingPeriod: 144,
          transmissionRiskLevel: 2,
          daysSinceOnsetOfSymptoms: 3 - (i % KEYS_PER_UPLOAD),
          reportType: ReportType.confirmedTest,
          createdAt,
        });
      }
    });
  }
  db.truncateLog();
  db.close();
}

function makeUpload(): Upload {
  const keys = Array.from({ length: KEYS_PER_UPLOAD }, (_, day) => ({
    key: randomBytes(16).toString("base64"),
    rollingStartNumber: (today - 1 - day) * 144,
    rollingPeriod: 144,
    transmissionRisk: 0,
  }));
  return { keys, secret: randomBytes(32), certificate: "" };
}

async function certify(server: BenchServer, upload: Upload): Promise<void> {
  const testDate = new Date(today * 86_400_000).toISOString().slice(0, 10);
  const { code } = await server.post(
    "/api/issue",
    { testType: "confirmed", testDate },
    "admin-key",
  );
  const { token } = await server.post("/api/verify", { code }, "device-key");
  const hmac = ekeyhmac(upload.keys, upload.secret, true).toString("base64");
  const body = { token, ekeyhmac: hmac };
  upload.certificate = (await server.post("/api/certificate", body, "device-key"))["certificate"]!;
}

async function publish(server: BenchServer, upload: Upload): Promise<void> {
  await server.post("/v1/publish", {
    temporaryExposureKeys: upload.keys,
    healthAuthorityID: "kz.saqbol",
    verificationPayload: upload.certificate,
    hmacKey: upload.secret.toString("base64"),
    padding: randomBytes(1200).toString("base64"),
  });
}

/** Does something with all items, a few at a time. */
async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<void>) {
  let next = 0;
  const caller = async () => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

/** Seconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

function perSecond(count: number, seconds: number): string {
  return String(Math.round(count / seconds)).padStart(5);
}
