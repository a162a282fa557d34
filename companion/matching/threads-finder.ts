/**
 * Finds keys in several threads at once, and leaves this one free meanwhile. Keys lie in memory that all threads share, and each takes
 * the next part of them when it is done with one.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { FINDER_THREAD } from "./built-files.ts";
import { inOrder, type KeyFinder, type KeyTimes, orderByStart } from "./key-finder.ts";
import type { LogIndex } from "./log-index.ts";
import type { OpenFinder } from "./matcher.ts";

const KEY_BYTES = 16;
const MOST_THREADS = 4;
/** A thread makes little garbage, and would let much of it pile up. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 2 };

/** What a thread is asked: all of it in shared memory. */
export interface FinderTask {
  readonly keys: KeyTimes;
  /** The keys' numbers in the order of their first intervals. */
  readonly order: Uint32Array;
  /** How many of them have been taken by some thread. */
  readonly taken: Int32Array;
}

interface Waiting {
  resolve(pairs: readonly number[]): void;
  reject(error: Error): void;
}

/**
 * Shared memory, for as many keys as there were at most: it is used again, because the garbage collector does not see how much of it
 * there is.
 */
interface SharedKeys {
  readonly capacity: number;
  readonly keyData: Uint8Array;
  readonly rollingStart: Uint32Array;
  readonly rollingPeriod: Uint8Array;
  readonly order: Uint32Array;
}

/** See the module's description. */
export class ThreadsFinder implements KeyFinder {
  readonly #workers: readonly Worker[];
  /** For what each thread is asked, one question at a time. */
  #waiting: Waiting[] = [];
  #memory = sharedMemory(0);

  /** @param threads - how many; one for each processor unless told, but four at most for the memory that each takes */
  constructor(index: LogIndex, threads = Math.min(MOST_THREADS, availableParallelism())) {
    this.#workers = Array.from({ length: threads }, (_, thread) => {
      const worker = new Worker(FINDER_THREAD, {
        workerData: index,
        resourceLimits: RESOURCE_LIMITS,
      });
      const fail = (error: Error) => this.#waiting[thread]?.reject(error);
      worker.on("message", (pairs: number[]) => this.#waiting[thread]?.resolve(pairs));
      worker.on("error", fail);
      worker.on("exit", () => fail(new Error("A thread of the search has ended early.")));
      return worker;
    });
  }

  /** See {@link KeyFinder.find}; to be called again only when the call before has come to its end. */
  async find(keys: KeyTimes): Promise<Uint32Array> {
    const { length } = keys;
    if (length > this.#memory.capacity) this.#memory = sharedMemory(length);
    const { keyData, rollingStart, rollingPeriod, order } = this.#memory;
    keyData.set(keys.keyData);
    rollingStart.set(keys.rollingStart);
    rollingPeriod.set(keys.rollingPeriod);
    order.set(orderByStart(keys));
    const task: FinderTask = {
      keys: { length, keyData, rollingStart, rollingPeriod },
      order: order.subarray(0, length),
      taken: new Int32Array(new SharedArrayBuffer(4)),
    };
    const answers = this.#workers.map(
      (worker, thread) =>
        new Promise<readonly number[]>((resolve, reject) => {
          this.#waiting[thread] = { resolve, reject };
          worker.postMessage(task);
        }),
    );
    return inOrder((await Promise.all(answers)).flat());
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#waiting = [];
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** Finds keys in several threads. */
export const inThreads: OpenFinder = (index) => new ThreadsFinder(index);

function sharedMemory(capacity: number): SharedKeys {
  return {
    capacity,
    keyData: new Uint8Array(new SharedArrayBuffer(capacity * KEY_BYTES)),
    rollingStart: new Uint32Array(new SharedArrayBuffer(capacity * 4)),
    rollingPeriod: new Uint8Array(new SharedArrayBuffer(capacity)),
    order: new Uint32Array(new SharedArrayBuffer(capacity * 4)),
  };
}
