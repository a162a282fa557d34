/** A thread of `threads-finder.ts`: gets chunks of keys, and gives back what {@link KernelFinder} finds in each. */
import { parentPort, workerData } from "node:worker_threads";
import { KernelFinder } from "./kernel-finder.ts";
import type { KeyTimes } from "./key-finder.ts";
import type { LogIndex } from "./log-index.ts";

const finder = new KernelFinder(workerData as LogIndex);
// Chunks are found one after the other, so that answers come in the order of the questions.
let last: Promise<void> = Promise.resolve();

parentPort?.on("message", (keys: KeyTimes) => {
  last = last.then(async () => {
    const pairs = await finder.find(keys);
    parentPort?.postMessage(pairs);
  });
});
