/**
 * Finds keys in several threads at once, and leaves this one free meanwhile.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { FINDER_THREAD } from "./built-files.ts";
import { inOrder, type KeyFinder, type KeyTimes, orderByStart, wordsOf } from "./key-finder.ts";
import type { LogIndex } from "./log-index.ts";
import type { OpenFinder } from "./matcher.ts";

const MOST_THREADS = 4;
/** A thread makes little garbage, and would let much of it pile up. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 2 };
/** Many enough for full batches of the kernel, few enough for threads to end at the same time. */
const CHUNK_KEYS = 8192;
/** The next chunk should be there when a thread is done with one. */
const CHUNKS_AHEAD = 2;

/** A thread, and the chunks that it has not yet given back, in the order in which it got them. */
interface Thread {
  readonly worker: Worker;
  readonly waiting: { resolve(pairs: Uint32Array): void; reject(error: Error): void }[];
}

/** See the module's description. */
export class ThreadsFinder implements KeyFinder {
  readonly #threads: readonly Thread[];

  /** @param threads - how many; one for each processor unless told, but four at most for the memory that each takes */
  constructor(index: LogIndex, threads = Math.min(MOST_THREADS, availableParallelism())) {
    this.#threads = Array.from({ length: threads }, () => startThread(index));
  }

  /** See {@link KeyFinder.find}. */
  async find(keys: KeyTimes): Promise<Uint32Array> {
    const order = orderByStart(keys);
    const words = wordsOf(keys.keyData);
    const found: number[] = [];
    let next = 0;
    const serve = async (thread: Thread): Promise<void> => {
      while (next < order.length) {
        const chunk = order.subarray(next, next + CHUNK_KEYS);
        next += chunk.length;
        const pairs = await findIn(thread, pick(keys, words, chunk));
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
  const worker = new Worker(FINDER_THREAD, { workerData: index, resourceLimits: RESOURCE_LIMITS });
  const thread: Thread = { worker, waiting: [] };
  worker.on("message", (pairs: Uint32Array) => thread.waiting.shift()?.resolve(pairs));
  const fail = (error: Error): void => {
    for (const { reject } of thread.waiting.splice(0)) reject(error);
  };
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("A thread of the search has ended early.")));
  return thread;
}

function findIn({ worker, waiting }: Thread, keys: KeyTimes): Promise<Uint32Array> {
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    worker.postMessage(keys, [keys.keyData.buffer as ArrayBuffer]);
  });
}

// A copy of some keys, to be handed over.
function pick(keys: KeyTimes, words: Uint32Array, which: Uint32Array): KeyTimes {
  const length = which.length;
  const picked = new Uint32Array(length * 4);
  const rollingStart = new Uint32Array(length);
  const rollingPeriod = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const key = which[i]!;
    for (let word = 0; word < 4; word++) picked[i * 4 + word] = words[key * 4 + word]!;
    rollingStart[i] = keys.rollingStart[key]!;
    rollingPeriod[i] = keys.rollingPeriod[key]!;
  }
  return { length, keyData: new Uint8Array(picked.buffer), rollingStart, rollingPeriod };
}

/** Finds keys in several threads. */
export const inThreads: OpenFinder = (index) => new ThreadsFinder(index);
