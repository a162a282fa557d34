import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { renderFrontier } from "../../simulator/report/render-frontier.ts";
import { NUMBERED } from "../../simulator/tune/trials.ts";
import type { Tuning } from "../../simulator/tune/tuning.ts";
import { sampleTuning } from "../simulator/tune/sample-tuning.ts";
import { axe } from "../support/browser/axe.ts";
import { collectComplaints } from "../support/browser/complaints.ts";
import { inBrowser } from "../support/browser/in-each-language.ts";
import { reportShot } from "../support/browser/report-shot.ts";

/** A screen, a telephone, and a screen at 400 % (WCAG 2.2, 1.4.10). */
const WIDTHS = { screen: 1280, telephone: 390, magnified: 320 } as const;
/** By how many pixels the page is wider than its window. */
const BESIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
/** How many signs each picture has. */
const SIGNS = `Object.fromEntries([...document.querySelectorAll(".picture:not([hidden])")].map((picture) => [
  picture.closest("figure").id,
  picture.querySelectorAll("svg [class^=sign-] path").length,
]))`;
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

const directory = mkdtempSync(join(tmpdir(), "saqbol-frontier-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

inBrowser((browser) => {
  async function open(tuning: Tuning, width: number, scripts = true) {
    const file = join(directory, "frontier.html");
    writeFileSync(file, renderFrontier(tuning));
    const { context } = browser();
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
      },
    };
  }

  test.each(Object.entries(WIDTHS))(
    "every schedule is drawn, and accessible, on a %s",
    async (name, width) => {
      const tuning = sampleTuning();
      const { page, close } = await open(tuning, width);
      await reportShot(page, `frontier-${name}`);
      const signs = await page.evaluate<Record<string, number>>(SIGNS);
      const numbered = tuning.tried.filter(({ trial }) => NUMBERED[trial.family]);
      // The release is in each panel, which has two parts. One schedule is beyond the picture; the bound is on the first.
      expect(signs).toEqual({
        recall: tuning.tried.length - 1 + 1,
        precision: tuning.tried.length - 1,
        families: 2 * (numbered.length + Object.keys(NUMBERED).length),
      });
      expect(await page.evaluate(BESIDE)).toBeLessThanOrEqual(0);
      expect.soft(await page.evaluate(CUT)).toEqual([]);
      expect.soft(await page.evaluate(OVER)).toEqual([]);
      expect(await axe(page)).toEqual([]);
      await close();
    },
  );

  test("what was interrupted early says so, and draws what there is", async () => {
    const { page, close } = await open(sampleTuning(3), WIDTHS.screen);
    await page.getByRole("note").getByText("Partial report.").waitFor();
    expect(await page.evaluate(SIGNS)).toMatchObject({ recall: 4, precision: 3 });
    expect(await axe(page)).toEqual([]);
    await close();
  });

  test("when nothing was tried nothing is drawn", async () => {
    const { page, close } = await open(sampleTuning(0), WIDTHS.screen);
    await page.getByRole("note").getByText("Partial report.").waitFor();
    expect(await page.evaluate(SIGNS)).toEqual({});
    expect(await axe(page)).toEqual([]);
    await close();
  });

  test("without scripts there are tables in place of pictures", async () => {
    const { page, close } = await open(sampleTuning(), WIDTHS.screen, false);
    await page.locator("noscript p").waitFor();
    expect(await page.locator("figure table:visible").count()).toBe(4);
    expect(await page.locator(".picture:visible").count()).toBe(0);
    await close();
  });
});
