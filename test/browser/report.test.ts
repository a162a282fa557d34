import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import type { Findings } from "../../simulator/findings/findings.ts";
import { renderReport } from "../../simulator/report/render-report.ts";
import { axe } from "../support/browser/axe.ts";
import { collectComplaints } from "../support/browser/complaints.ts";
import { inBrowser } from "../support/browser/in-each-language.ts";
import { reportShot, reportsDirectory } from "../support/browser/report-shot.ts";
import { emptyFindings } from "../support/report/empty-findings.ts";
import { sampleFindings } from "../support/report/sample-findings.ts";

/** A screen, a telephone, and a screen at 400 % (WCAG 2.2, 1.4.10). */
const WIDTHS = { screen: 1280, telephone: 390, magnified: 320 } as const;
/** By how many pixels the page is wider than its window. */
const BESIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
/** What is drawn in each picture: its name, and how many marks that are not axes, rules or texts. */
const CHARTS = `[...document.querySelectorAll(".picture:not([hidden]) svg[role=img]")].map((svg) => [
  svg.getAttribute("aria-label"),
  svg.querySelectorAll("rect, path, circle, line").length,
])`;
/** What of a drawing lies beside it, across. */
const CUT = `[...document.querySelectorAll(".place svg")].flatMap((svg) => {
  const { left, right } = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")]
    .map((text) => [text.textContent, text.getBoundingClientRect()])
    .filter(([, box]) => box.left < left - 1 || box.right > right + 1)
    .map(([text]) => svg.getAttribute("aria-label") + ": " + text);
})`;
/** Words that stand over other words of the same drawing. */
const OVER = `[...document.querySelectorAll(".place svg")].flatMap((svg) => {
  const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6;
  return texts.flatMap(([one, a], index) =>
    texts.slice(index + 1).filter(([, b]) => meet(a, b)).map(([other]) => one + " over " + other));
})`;
const CHART_COUNT = 11;

const directory = mkdtempSync(join(tmpdir(), "saqbol-report-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

inBrowser((browser) => {
  async function open(findings: Findings, width: number, scripts = true) {
    const file = join(directory, "report.html");
    writeFileSync(file, renderReport(findings));
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

  const charts = (page: Page) => page.evaluate<[string, number][]>(CHARTS);

  test.each(Object.entries(WIDTHS))(
    "every chart is drawn and accessible on a %s",
    async (name, width) => {
      const { page, close } = await open(sampleFindings(), width);
      const drawn = await charts(page);
      expect(drawn).toHaveLength(CHART_COUNT);
      for (const [label, marks] of drawn) expect(marks, label).toBeGreaterThan(0);
      expect(await page.evaluate(BESIDE)).toBeLessThanOrEqual(0);
      expect.soft(await page.evaluate(CUT)).toEqual([]);
      expect.soft(await page.evaluate(OVER)).toEqual([]);
      await reportShot(page, name);
      expect(await axe(page)).toEqual([]);
      await reportShot(page, name);
      await close();
    },
  );

  test("the tables are closed until they are wanted, and can be reached and opened by keyboard", async () => {
    const { page, close } = await open(sampleFindings(), WIDTHS.telephone);
    expect(await page.locator("figure details[open]").count()).toBe(0);
    await page.locator("#energy summary").focus();
    await page.keyboard.press("Enter");
    await page.locator("#energy table").waitFor();
    expect(await page.locator("figure table:visible").count()).toBe(1);
    await page.evaluate(
      `for (const each of document.querySelectorAll("details")) each.open = true`,
    );
    expect(await page.evaluate(BESIDE)).toBeLessThanOrEqual(0);
    expect(await axe(page)).toEqual([]);
    await reportShot(page, "tables");
    await close();
  });

  test("it is drawn anew for paper, and again for the screen", async () => {
    const { page, close } = await open(sampleFindings(), WIDTHS.telephone);
    const width = () =>
      page.evaluate(`document.querySelector("#energy svg").getAttribute("width")`);
    const before = await width();
    mkdirSync(reportsDirectory(), { recursive: true });
    const pdf = await page.pdf({
      path: join(reportsDirectory(), "report.pdf"),
      preferCSSPageSize: true,
    });
    expect(pdf.subarray(0, 5).toString("latin1")).toBe("%PDF-");
    expect(await width()).toBe(before);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(await page.locator("figure svg[role=img]").first().isVisible()).toBe(true);
    await close();
  });

  test("a partial report of nothing says so, and draws nothing", async () => {
    const { page, close } = await open(emptyFindings(), WIDTHS.screen);
    await page.getByRole("note").getByText("Partial report.").waitFor();
    expect(await charts(page)).toEqual([]);
    expect(await axe(page)).toEqual([]);
    await reportShot(page, "empty");
    await close();
  });

  test("without scripts there are tables in place of charts", async () => {
    const { page, close } = await open(sampleFindings(), WIDTHS.screen, false);
    await page.locator("noscript p").waitFor();
    expect(await page.locator("figure table:visible").count()).toBe(CHART_COUNT);
    expect(await page.locator(".picture:visible").count()).toBe(0);
    await reportShot(page, "without-scripts");
    await close();
  });

  test("many persons, long names and tags in them do no harm", async () => {
    const persons = Array.from({ length: 300 }, (_, n) => `${n} </script><b>Қарлығаш ${n}</b>`);
    const sample = sampleFindings();
    const pairs = persons.slice(1).map((_, n) => ({ a: n, b: n + 1, truth: n, concluded: n / 2 }));
    const { page, close } = await open({ ...sample, title: persons[0]!, persons, pairs }, 640);
    await page.getByRole("heading", { level: 1, name: persons[0]!, exact: true }).waitFor();
    expect(await charts(page)).toHaveLength(CHART_COUNT);
    expect(await page.locator("b").count()).toBe(0);
    expect(await page.evaluate(BESIDE)).toBeLessThanOrEqual(0);
    expect.soft(await page.evaluate(CUT)).toEqual([]);
    await reportShot(page, "many");
    await close();
  });
});
