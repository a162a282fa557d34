/**
 * Runs several seeds in worker threads. Seeds are spread over the threads first; when there are more threads than seeds, each
 * seed's tokens are, too. The outcome is the same for any number of threads.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { builtDirectory } from "../../companion/built-directory.ts";
import { Failure } from "../../companion/failure.ts";
import { DAY_HOURS } from "../scenarios/days.ts";
import { type CommonEnds, callEnd, createEnds } from "./common-end.ts";
import type { RunOutcome } from "./outcome.ts";
import type { Recipe, Share } from "./recipe.ts";

const THREAD = `${builtDirectory("simulator/run")}worker.js`;

/** What all threads see. */
export interface PoolMemory {
  /** By runs. */
  readonly ends: CommonEnds;
}

/** What a thread is asked to run. */
export interface Assignment {
  /** One for each seed of each batch. */
  readonly run: number;
  readonly recipe: Recipe;
  readonly seed: string;
  readonly share: Share;
}

/** What a thread tells: hours lived through, its outcome at the end, or why there is none. */
export interface Report {
  readonly hours?: number;
  readonly outcome?: RunOutcome;
  readonly error?: { readonly message: string; readonly code?: string };
}

/** One recipe under several seeds. */
export interface Batch {
  readonly recipe: Recipe;
  readonly seeds: readonly string[];
}

/** Who follows a pool. */
export interface PoolFollower {
  /** Called now and then, with the share of the work that is done, 0 to 1. */
  progress(done: number): void;
  /** Aborted when everything is to come to an end: what was lived through until then counts. */
  readonly signal: AbortSignal;
}

/**
 * Runs batches, the seeds of each in the order given.
 *
 * @param threads - worker threads, at least 1
 * @returns one list of outcomes for each batch; seeds that were not begun before the end are left out
 * @throws Error with the reason when a thread failed
 */
export async function runBatches(
  batches: readonly Batch[],
  threads: number,
  { progress, signal }: PoolFollower,
): Promise<RunOutcome[][]> {
  const runs = batches.flatMap(({ recipe, seeds }, batch) =>
    seeds.map((seed) => ({ batch, recipe, seed })),
  );
  const of = Math.max(1, Math.ceil(threads / runs.length));
  const assignments = runs.flatMap(({ batch, ...rest }, run) =>
    Array.from({ length: of }, (_, index) => ({ batch, run, ...rest, share: { index, of } })),
  );
  const hours = assignments.map(() => 0);
  const all = assignments.reduce((sum, { recipe }) => sum + recipe.days * DAY_HOURS, 0);
  const outcomes: (RunOutcome | undefined)[] = assignments.map(() => undefined);
  const ends = createEnds(runs.length);
  const stop = (): void => callEnd(ends);
  signal.addEventListener("abort", stop);
  const workers: Worker[] = [];
  let next = 0;

  const work = async (): Promise<void> => {
    const worker = new Worker(THREAD, { workerData: { ends } satisfies PoolMemory });
    workers.push(worker);
    while (next < assignments.length && !signal.aborted) {
      const at = next++;
      const { batch: _, ...assignment } = assignments[at] as (typeof assignments)[number];
      outcomes[at] = await outcomeOf(worker, assignment, (lived) => {
        hours[at] = lived;
        progress(hours.reduce((sum, each) => sum + each, 0) / all);
      });
    }
    await worker.terminate();
  };
  try {
    await Promise.all(Array.from({ length: Math.min(threads, assignments.length) }, work));
  } finally {
    signal.removeEventListener("abort", stop);
    // When one thread has failed, the others are still at work.
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return batches.map((_, batch) => {
    const merged: RunOutcome[] = [];
    for (let at = 0; at < outcomes.length; at += of) {
      if (assignments[at]?.batch !== batch) continue;
      const parts = outcomes.slice(at, at + of);
      if (parts.every((part) => part !== undefined)) merged.push(mergeShares(parts));
    }
    return merged;
  });
}

function outcomeOf(
  worker: Worker,
  assignment: Assignment,
  onHours: (hours: number) => void,
): Promise<RunOutcome> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off("message", take).off("error", fail).off("exit", end);
    };
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
    const end = (): void => fail(new Error("A thread has ended before its work was done."));
    const take = ({ hours, outcome, error }: Report): void => {
      if (hours !== undefined) onHours(hours);
      if (error)
        fail(
          error.code === undefined
            ? new Error(error.message)
            : new Failure(error.code, error.message),
        );
      if (outcome) {
        settle();
        resolve(outcome);
      }
    };
    worker.on("message", take).on("error", fail).on("exit", end);
    worker.postMessage(assignment);
  });
}

function mergeShares(parts: readonly RunOutcome[]): RunOutcome {
  const [first] = parts as [RunOutcome];
  return {
    ...first,
    tokens: parts.flatMap(({ tokens }) => tokens).sort((a, b) => a.person - b.person),
  };
}
