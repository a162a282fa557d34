import { existsSync } from "node:fs";
import { type BrowserContext, chromium, type LaunchOptions } from "playwright-core";

const EXECUTABLE = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Whether tests in a browser are left out: never in CI, where a missing Chromium is a failure. */
export const withoutChromium = process.env["CI"] !== "true" && !existsSync(EXECUTABLE);

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const options = (more: readonly string[]): LaunchOptions => ({
  executablePath: EXECUTABLE,
  args: [...ARGUMENTS, ...more],
});

/** Starts Chromium. */
export const launchChromium = (...more: string[]) => chromium.launch(options(more));

/** Starts Chromium as a person has it, with everything that it keeps in a directory. */
export const launchWithProfile = (directory: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(directory, options([]));
