/**
 * How the command line says that something failed.
 *
 * @module
 */
import { Failure } from "../failure.ts";

/** Exit codes other than 1, see `saqbol --help`. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  "token-not-found": 3,
  "token-silent": 3,
  "link-lost": 3,
  "wrong-token": 4,
  "bluetooth-missing": 5,
  "bluetooth-off": 5,
  "bluetooth-forbidden": 5,
};

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
  return EXIT_CODES[error.code] ?? 1;
}
