import type { Page } from "playwright-core";

/** Width and height, in CSS pixels, below which a finger misses a target (WCAG 2.2, 2.5.5). */
const LEAST = 44;

/** What can be pressed on a page and is too small: name and size. Links in a text are as high as the text. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(`
    [...document.querySelectorAll("button, select, summary, textarea, label:has(input), nav a, input")]
      .filter((each) => !each.matches("label input, label:has([id]:not([id=''])), #demonstration *"))
      .filter((each) => each.checkVisibility())
      .map((each) => [each.textContent.trim() || each.id, each.getBoundingClientRect()])
      .filter(([, { width, height }]) => Math.min(width, height) < ${LEAST})
      .map(([name, { width, height }]) => name + ": " + width + " × " + height)
  `);
}
