import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const DEFAULT = fileURLToPath(new URL("../../artifacts", import.meta.url));

/** Where pictures of reports are kept: `report` in ARTIFACTS, or without it in `test/artifacts`. */
export function reportsDirectory(): string {
  return join(process.env["ARTIFACTS"] ?? DEFAULT, "report");
}

/** Keeps a picture of a whole report. */
export async function reportShot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(reportsDirectory(), `${name}.png`), fullPage: true });
}
