import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";

/** Where the command line keeps its downloads while tests run. */
export const cacheHome = mkdtempSync(join(tmpdir(), "saqbol-cache-"));
afterAll(() => rmSync(cacheHome, { recursive: true, force: true }));

/** How a run has ended. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built command line. */
export function saqbol(args: readonly string[], input = ""): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = startSaqbol(args);
    const outcome: Outcome = { code: null, stdout: "", stderr: "" };
    child.stdout?.on("data", (chunk) => (outcome.stdout += chunk));
    child.stderr?.on("data", (chunk) => (outcome.stderr += chunk));
    child.on("close", (code) => resolve({ ...outcome, code }));
    child.stdin?.end(input);
  });
}

/** Starts the built command line. */
export function startSaqbol(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["dist/companion/saqbol.js", ...args], {
    env: { ...process.env, XDG_CACHE_HOME: cacheHome },
  });
}

/** One sentence that names no secret, on standard error only. */
export function expectFailure(
  { code, stdout, stderr }: Outcome,
  message: RegExp,
  expected = 1,
): void {
  expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^saqbol: [A-Z].*\.\n$/);
  expect(stderr).not.toMatch(/\. \S/);
}
