import { Failure } from "../failure.ts";
import type { KeyServerClient } from "./key-server-client.ts";
import type { Pace } from "./pace.ts";
import { RESULT_INTERVAL, type RegistrationToken, type TestResult } from "./test-results-client.ts";

/** Failures that are over, as a rule, two hours later. */
const PASSING = ["server-unreachable", "server-failed", "server-maintenance", "too-many-attempts"];

/**
 * Asks for a test's result until it is there, never more often than the Corona-Warn-App does.
 *
 * @param onPending - called before each pause of {@link RESULT_INTERVAL}
 * @throws Failure `token-invalid` when the test was looked up elsewhere meanwhile; at the first question any
 *   other
 */
export async function awaitResult(
  client: Pick<KeyServerClient, "testResult">,
  test: RegistrationToken,
  pace: Pace,
  onPending: () => void,
): Promise<TestResult> {
  let result = await client.testResult(test);
  while (result === "pending") {
    onPending();
    await pace.wait(RESULT_INTERVAL);
    result = await client.testResult(test).catch(stillPending);
  }
  return result;
}

function stillPending(error: unknown): "pending" {
  if (error instanceof Failure && PASSING.includes(error.code)) return "pending";
  throw error;
}
