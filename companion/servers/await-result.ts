import { Failure } from "../failure.ts";
import type { Pace } from "./pace.ts";
import { RESULT_INTERVAL, type TestResult } from "./test-results-client.ts";

/** Failures that are over, as a rule, two hours later. */
const PASSING = ["server-unreachable", "server-failed", "server-maintenance", "too-many-attempts"];

/**
 * Asks for a test's result until it is there, never more often than the Corona-Warn-App does.
 *
 * @param first - what the first answer was
 * @param ask - asks again
 * @param onPending - called before each pause of {@link RESULT_INTERVAL}
 * @throws Failure `token-invalid` when the test was looked up elsewhere meanwhile
 */
export async function awaitResult(
  first: TestResult,
  ask: () => Promise<TestResult>,
  pace: Pace,
  onPending: () => void,
): Promise<TestResult> {
  let result = first;
  while (result === "pending") {
    onPending();
    await pace.wait(RESULT_INTERVAL);
    result = await ask().catch(stillPending);
  }
  return result;
}

function stillPending(error: unknown): "pending" {
  if (error instanceof Failure && PASSING.includes(error.code)) return "pending";
  throw error;
}
