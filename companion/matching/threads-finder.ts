/**
 * Finds keys in several threads at once, and leaves this one free meanwhile.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { FINDER_THREAD } from "./built-files.ts";
import { inOrder, type KeyFinder, type KeyTimes, orderByStart } from "./key-finder.ts";
import type { LogIndex } from "./log-index.ts";

/** Many enough for full batches of the kernel, few enough for threads to end at the same time. */
const CHUNK_KEYS = 16_384;
/** The next chunk should be there when a thread is done with one. */
const CHUNKS_AHEAD = 2;
const KEY_BYTES = 16;

/** A thread, and the chunks that it has not yet given back, in the order in which it got them. */
interface Thread {
  readonly worker: Worker;
  readonly waiting: { resolve(pairs: Uint32Array): void; reject(error: Error): void }[];
}

/** See the module's description. */
export class ThreadsFinder implements KeyFinder {
  readonly #threads: readonly Thread[];

  /** @param threads - how many; as many as there are processors unless told */
  constructor(index: LogIndex, threads = availableParallelism()) {
    this.#threads = Array.from({ length: threads }, () => startThread(index));
  }

  /** See {@link KeyFinder.find}. */
  async find(keys: KeyTimes): Promise<Uint32Array> {
    const order = orderByStart(keys);
    const found: number[] = [];
    let next = 0;
    const serve = async (thread: Thread): Promise<void> => {
      while (next < order.length) {
        const chunk = order.subarray(next, next + CHUNK_KEYS);
        next += chunk.length;
        const pairs = await findIn(thread, pick(keys, chunk));
        for (let i = 0; i < pairs.length; i += 2) found.push(chunk[pairs[i]!]!, pairs[i + 1]!);
      }
    };
    const serving = this.#threads.flatMap((thread) =>
      Array.from({ length: CHUNKS_AHEAD }, () => serve(thread)),
    );
    await Promise.all(serving);
    return inOrder(found);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }
}

function startThread(index: LogIndex): Thread {
  const thread: Thread = { worker: new Worker(FINDER_THREAD, { workerData: index }), waiting: [] };
  thread.worker.on("message", (pairs: Uint32Array) => thread.waiting.shift()?.resolve(pairs));
  const fail = (error: Error): void => {
    for (const { reject } of thread.waiting.splice(0)) reject(error);
  };
  thread.worker.on("error", fail);
  thread.worker.on("exit", () => fail(new Error("A thread of the search has ended early.")));
  return thread;
}

function findIn({ worker, waiting }: Thread, keys: KeyTimes): Promise<Uint32Array> {
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    worker.postMessage(keys, [keys.keyData.buffer as ArrayBuffer]);
  });
}

// A copy of some keys, to be handed over.
function pick(keys: KeyTimes, which: Uint32Array): KeyTimes {
  const keyData = new Uint8Array(which.length * KEY_BYTES);
  which.forEach((key, i) => {
    const at = key * KEY_BYTES;
    for (let byte = 0; byte < KEY_BYTES; byte++) {
      keyData[i * KEY_BYTES + byte] = keys.keyData[at + byte]!;
    }
  });
  return {
    length: which.length,
    keyData,
    rollingStart: which.map((key) => keys.rollingStart[key]!),
    rollingPeriod: Uint8Array.from(which, (key) => keys.rollingPeriod[key]!),
  };
}
