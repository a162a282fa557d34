/**
 * One turn of deleting and exporting, in a thread of its own: making the files of a large batch
 * takes seconds, during which the server goes on answering.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { Database } from "./database.ts";
import { createExports } from "./export-batches.ts";
import type { UpkeepReport } from "./metrics.ts";
import { deleteExpired } from "./retention.ts";
import { openSecretStore } from "./secret-store.ts";
import { openSecrets } from "./secrets.ts";
import type { UpkeepTask } from "./upkeep.ts";

/** Milliseconds between two transactions, in which the server's own can begin. */
const BREATH = 5;

const { dataDir, region } = workerData as UpkeepTask;
const db = new Database(dataDir);
try {
  const began = performance.now();
  const never = new Int32Array(new SharedArrayBuffer(4));
  const context = {
    db,
    secrets: openSecrets(openSecretStore(dataDir)),
    now: () => Math.floor(Date.now() / 1000),
    random: randomBytes,
    region,
    breathe: () => void Atomics.wait(never, 0, 0, BREATH),
  };
  deleteExpired(context);
  const exportFiles = createExports(context);
  const seconds = (performance.now() - began) / 1000;
  parentPort?.postMessage({ exportFiles, seconds } satisfies UpkeepReport);
} finally {
  db.close();
}
