/**
 * How the command line says that something failed.
 *
 * @module
 */
import { Failure } from "../failure.ts";

/**
 * Writes one sentence to standard error, or with `json` one object to standard output. Anything but a
 * {@link Failure} is a fault of the program and is shown whole.
 *
 * @returns the exit code
 */
export function reportFailure(error: unknown, json: boolean): number {
  if (!(error instanceof Failure)) throw error;
  if (json) {
    console.log(JSON.stringify({ error: { code: error.code, message: error.message } }));
  } else {
    console.error(`saqbol: ${error.message}`);
  }
  return 1;
}
