import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const DEFAULT = fileURLToPath(new URL("../../artifacts/desk", import.meta.url));

/**
 * Keeps a picture, as `<ARTIFACTS>/<language>/<name>.png`; without ARTIFACTS in `test/artifacts/desk/`.
 *
 * @param fullPage - with what is below the window
 */
export async function shot(
  page: Page,
  language: string,
  name: string,
  fullPage = true,
): Promise<void> {
  const directory = join(process.env["ARTIFACTS"] ?? DEFAULT, language);
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage });
}
