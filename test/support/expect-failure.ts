import { expect } from "vitest";
import { Failure } from "../../companion/failure.ts";

/** The Failure that a promise ends with, one sentence, with this code. */
export async function expectFailure(promise: Promise<unknown>, code: string): Promise<Failure> {
  const error = await promise.then(
    () => new Error("it went well"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw error;
  expect(error.code).toBe(code);
  expect(error.message).toMatch(/^[A-Z].*\.$/);
  expect(error.message).not.toMatch(/\. \S/);
  return error;
}
