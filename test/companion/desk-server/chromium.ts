import { type BrowserContext, chromium, type LaunchOptions } from "playwright-core";
import { CHROMIUM_ARGUMENTS, chromiumPath } from "../../../simulator/desk-bench/chromium.ts";

const executablePath = chromiumPath();

/** Whether tests in a browser are left out: never in CI, where a missing Chromium is a failure. */
export const withoutChromium = process.env["CI"] !== "true" && !executablePath;

const options = (more: readonly string[]): LaunchOptions => ({
  ...(executablePath && { executablePath }),
  args: [...CHROMIUM_ARGUMENTS, ...more],
});

/** Starts Chromium. */
export const launchChromium = (...more: string[]) => chromium.launch(options(more));

/** Starts Chromium as a person has it, with everything that it keeps in a directory. */
export const launchWithProfile = (directory: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(directory, options([]));
