/** A thread of `threads-finder.ts`: finds some of the keys, of which all threads take parts until none is left. */
import { parentPort, workerData } from "node:worker_threads";
import { KernelFinder } from "./kernel-finder.ts";
import type { LogIndex } from "./log-index.ts";
import type { FinderTask } from "./threads-finder.ts";

/** Many enough for full batches of the kernel, few enough for threads to end at the same time. */
const KEYS_AT_ONCE = 4096;

const finder = new KernelFinder(workerData as LogIndex);

parentPort?.on("message", ({ keys, order, taken }: FinderTask) => {
  const found: number[] = [];
  for (;;) {
    const from = Atomics.add(taken, 0, KEYS_AT_ONCE);
    if (from >= order.length) break;
    const part = order.subarray(from, from + KEYS_AT_ONCE);
    for (const each of finder.findAmong(keys, part)) found.push(each);
  }
  parentPort?.postMessage(found);
});
