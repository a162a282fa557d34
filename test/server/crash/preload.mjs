/**
 * Loaded before the server's own code in the crash test: moves its clock, and kills the process right
 * before the n-th call into the database, counted in one of its threads. SIGKILL cannot be caught, so
 * that nothing is tidied up.
 *
 * SAQBOL_TEST_TIME: unix seconds at the start. SAQBOL_TEST_KILL: such as `main 17` or `upkeep 300`.
 */
import { createRequire } from "node:module";
import { isMainThread } from "node:worker_threads";

const realNow = Date.now;
// Threads get a copy of the environment: all of them go by one clock.
process.env.SAQBOL_TEST_SHIFT ??= String(Number(process.env.SAQBOL_TEST_TIME) * 1000 - realNow());
const shift = Number(process.env.SAQBOL_TEST_SHIFT);
Date.now = () => realNow() + shift;

const [thread, count] = (process.env.SAQBOL_TEST_KILL ?? "").split(" ");
if (thread === (isMainThread ? "main" : "upkeep")) {
  const Libsql = createRequire(import.meta.url)("libsql");
  const statement = Object.getPrototypeOf(new Libsql(":memory:").prepare("SELECT 1"));
  let left = Number(count);
  for (const [owner, name] of [
    [statement, "run"],
    [statement, "all"],
    [Libsql.prototype, "exec"],
  ]) {
    const original = owner[name];
    owner[name] = function (...values) {
      if (--left === 0) process.kill(process.pid, "SIGKILL");
      return original.apply(this, values);
    };
  }
}
