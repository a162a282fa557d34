/**
 * @module
 */
import { faultTrace } from "./fault-trace.ts";

/**
 * Keeps what is in this process's memory from coming out of it by faults and signals. Node would print the message of an
 * uncaught error and its fields, which might quote a card; and on SIGUSR1 it would open its debugger to everybody on this computer.
 * Diagnostic reports and heap snapshots are off in Node unless its options or NODE_OPTIONS ask for them.
 */
export function keepMemoryPrivate(): void {
  process.on("uncaughtException", (error) => {
    console.error(`saqbol: the desk failed: ${faultTrace(error)}`);
    process.exit(1);
  });
  process.on("SIGUSR1", () => {});
}
