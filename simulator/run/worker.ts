/** A thread of `pool.ts`: runs one share of a seed at a time. */
import { parentPort, workerData } from "node:worker_threads";
import { Failure } from "../../companion/failure.ts";
import { goesOn } from "./common-end.ts";
import type { Assignment, PoolMemory, Report } from "./pool.ts";
import { makeScenario } from "./recipe.ts";
import { runScenario } from "./run-scenario.ts";

const { ends } = workerData as PoolMemory;
const post = (report: Report): void => parentPort?.postMessage(report);

parentPort?.on("message", ({ run: number, recipe, seed, share }: Assignment) => {
  const run = async (): Promise<void> => {
    const scenario = makeScenario(recipe.source, recipe.days, seed);
    const outcome = await runScenario(scenario, recipe, seed, share, {
      progress: (hours) => post({ hours }),
      goesOn: (hours) => goesOn(ends, number, hours),
    });
    post({ outcome });
  };
  run().catch((error: Error) => {
    const { message } = error;
    post({ error: error instanceof Failure ? { message, code: error.code } : { message } });
  });
});
