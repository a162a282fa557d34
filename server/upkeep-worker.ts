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
import { faultKind } from "./fault-kind.ts";
import type { UpkeepReport } from "./metrics.ts";
import { deleteExpired } from "./retention.ts";
import { openSecretStore } from "./secret-store.ts";
import { openSecrets } from "./secrets.ts";
import type { UpkeepOutcome, UpkeepTask } from "./upkeep.ts";

/** Milliseconds between two transactions, in which the server's own can begin. */
const BREATH = 5;

try {
  parentPort?.postMessage({ report: turn(workerData as UpkeepTask) } satisfies UpkeepOutcome);
} catch (error) {
  // An error that crosses the boundary as it is loses its name, and SQLite's its class.
  parentPort?.postMessage({ fault: faultKind(error) } satisfies UpkeepOutcome);
}

function turn({ dataDir, region }: UpkeepTask): UpkeepReport {
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
    return { exportFiles, seconds: (performance.now() - began) / 1000 };
  } finally {
    db.close();
  }
}
