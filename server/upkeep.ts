import { Worker } from "node:worker_threads";
import type { UpkeepReport } from "./metrics.ts";

/** What a turn of deleting and exporting needs to know. */
export interface UpkeepTask {
  readonly dataDir: string;
  readonly region: string;
}

const WORKER = new URL("upkeep-worker.js", import.meta.url);

/**
 * Deletes what has expired and makes the exports that are due, in a thread of its own. However it
 * ends, the next turn goes on from there.
 *
 * @throws whatever fails there, such as a full disk
 */
export function runUpkeep(task: UpkeepTask): Promise<UpkeepReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: task });
    let report: UpkeepReport | undefined;
    worker.once("message", (message: UpkeepReport) => {
      report = message;
    });
    worker.once("error", reject);
    worker.once("exit", () => {
      if (report) resolve(report);
      else reject(new Error("the upkeep ended without a report"));
    });
  });
}
