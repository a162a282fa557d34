import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Looks for violations on a page by axe-core, with the rule for the size of targets (WCAG 2.2, 2.5.8), which is off unless told; one line each, naming rule and element. */
export async function axe(page: Page): Promise<string[]> {
  if (!(await page.evaluate("typeof axe !== 'undefined'"))) {
    // Through the debugger, which the page's Content-Security-Policy does not concern.
    await page.evaluate(AXE);
  }
  return page.evaluate(
    `axe.run(document, { rules: { "target-size": { enabled: true } } }).then(({ violations }) =>
       violations.flatMap(({ id, nodes }) =>
         nodes.map(({ html, failureSummary }) => id + ": " + html + ": " + failureSummary)))`,
  );
}
