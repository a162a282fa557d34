import { spawn } from "node:child_process";
import { expect } from "vitest";

/** How a run of the command line has ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line. @param node - options of Node itself */
export function saqbolSim(args: readonly string[], node: readonly string[] = []): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...node, "dist/simulator/main.js", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Expects nothing on standard output, and on standard error one line that says what was wrong. */
export function expectRefused(
  { code, stdout, stderr }: Ended,
  expected: 1 | 2,
  message: RegExp,
): void {
  expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^saqbol-sim: .+\n$/);
}
