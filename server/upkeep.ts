import { Worker } from "node:worker_threads";
import { faultKind } from "./fault-kind.ts";
import type { UpkeepReport } from "./metrics.ts";

/** What a turn of deleting and exporting needs to know. */
export interface UpkeepTask {
  readonly dataDir: string;
  readonly region: string;
}

/** How a turn ended: with a report, or with the kind of a fault. */
export type UpkeepOutcome = { readonly report: UpkeepReport } | { readonly fault: string };

const WORKER = new URL("upkeep-worker.js", import.meta.url);

/**
 * Deletes what has expired and makes the exports that are due, in a thread of its own. However it
 * ends, the next turn goes on from there: a fault, such as a full disk, is an outcome.
 */
export function runUpkeep(task: UpkeepTask): Promise<UpkeepOutcome> {
  return new Promise((resolve) => {
    const worker = new Worker(WORKER, { workerData: task });
    let outcome: UpkeepOutcome = { fault: "ended without a report" };
    worker.once("message", (message: UpkeepOutcome) => {
      outcome = message;
    });
    // What no turn could catch, such as too little memory.
    worker.once("error", (error) => {
      outcome = { fault: faultKind(error) };
    });
    worker.once("exit", () => resolve(outcome));
  });
}
