import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { TestBrowser } from "../../../simulator/desk-bench/open-browser.ts";
import { collectComplaints } from "../browser/complaints.ts";

/** A screen, a telephone, and a screen at 400 % (WCAG 2.2, 1.4.10). */
export const WIDTHS = { screen: 1280, telephone: 390, magnified: 320 } as const;

/** By how many pixels a page is wider than its window. */
const BESIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
/** What of a drawing lies beside it, across. */
const CUT = `[...document.querySelectorAll(".place > svg")].flatMap((svg) => {
  const { left, right } = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")]
    .map((text) => [text.textContent, text.getBoundingClientRect()])
    .filter(([, box]) => box.left < left - 1 || box.right > right + 1)
    .map(([text]) => svg.getAttribute("aria-label") + ": " + text);
})`;
/** Words that stand over other words of the same drawing. */
const OVER = `[...document.querySelectorAll(".place > svg")].flatMap((svg) => {
  const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6;
  return texts.flatMap(([one, a], index) =>
    texts.slice(index + 1).filter(([, b]) => meet(a, b)).map(([other]) => one + " over " + other));
})`;

/** A report that is open as a file. */
export interface ReportPage {
  readonly page: Page;
  /** Closes it, and expects that it has loaded nothing but itself and complained of nothing. */
  readonly close: () => Promise<void>;
}

/** Opens a report in a window so many pixels wide. @param scripts - whether the browser runs any */
export async function openReport(
  { context }: TestBrowser,
  html: string,
  width: number,
  scripts = true,
): Promise<ReportPage> {
  const directory = mkdtempSync(join(tmpdir(), "saqbol-report-"));
  const file = join(directory, "report.html");
  writeFileSync(file, html);
  const opened = scripts
    ? context
    : await context.browser()!.newContext({ javaScriptEnabled: false });
  const page = await opened.newPage();
  await page.setViewportSize({ width, height: 800 });
  const complaints = collectComplaints(page);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const url = pathToFileURL(file).href;
  await page.goto(url);
  return {
    page,
    close: async () => {
      expect(requests).toEqual([url]);
      expect(complaints).toEqual([]);
      await page.close();
      if (!scripts) await opened.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Expects that nothing reaches beyond the window, or beyond its drawing. */
export async function expectNothingCut(page: Page): Promise<void> {
  expect(await page.evaluate(BESIDE)).toBeLessThanOrEqual(0);
  expect.soft(await page.evaluate(CUT)).toEqual([]);
}

/** Expects that no words of a drawing stand over others of it. */
export async function expectNothingOver(page: Page): Promise<void> {
  expect.soft(await page.evaluate(OVER)).toEqual([]);
}
