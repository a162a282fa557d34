import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const DEFAULT = fileURLToPath(new URL("../../artifacts/desk", import.meta.url));

/**
 * Keeps a picture of the whole page, as `<ARTIFACTS>/<language>/<name>.png`; without ARTIFACTS in `test/artifacts/desk/`.
 */
export async function shot(page: Page, language: string, name: string): Promise<void> {
  const directory = join(process.env["ARTIFACTS"] ?? DEFAULT, language);
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}
