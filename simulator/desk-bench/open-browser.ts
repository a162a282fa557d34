/**
 * A real browser for the desk's page: Chromium, without a window, and with a profile of its own.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
import { CHROMIUM_ARGUMENTS, chromiumPath } from "./chromium.ts";

/** A clinic's screen. */
export const CLINIC_SCREEN = { width: 1280, height: 720 };

/** A running Chromium. */
export interface TestBrowser {
  readonly context: BrowserContext;
  /** Everything that it keeps on disk. */
  readonly userDataDirectory: string;
  /** Ends it, and deletes what it kept. */
  close(): Promise<void>;
}

/** Starts Chromium with a new profile, without a window, in Kazakhstan. @param locale - its language */
export async function openBrowser(locale = "kk"): Promise<TestBrowser> {
  const userDataDirectory = mkdtempSync(join(tmpdir(), "saqbol-browser-"));
  const context = await chromium.launchPersistentContext(userDataDirectory, {
    executablePath: chromiumPath()!,
    args: [...CHROMIUM_ARGUMENTS],
    headless: true,
    viewport: CLINIC_SCREEN,
    locale,
    timezoneId: "Asia/Almaty",
  });
  return {
    context,
    userDataDirectory,
    close: async () => {
      await context.close();
      rmSync(userDataDirectory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
