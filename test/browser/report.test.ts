import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Findings } from "../../simulator/findings/findings.ts";
import { renderReport } from "../../simulator/report/render-report.ts";
import { axe } from "../support/browser/axe.ts";
import { inBrowser } from "../support/browser/in-each-language.ts";
import { reportShot, reportsDirectory } from "../support/browser/report-shot.ts";
import { emptyFindings } from "../support/report/empty-findings.ts";
import {
  expectNothingCut,
  expectNothingOver,
  openReport,
  WIDTHS,
} from "../support/report/report-page.ts";
import { sampleFindings } from "../support/report/sample-findings.ts";

/** What is drawn in each picture: its name, and how many marks that are not axes, rules or texts. */
const CHARTS = `[...document.querySelectorAll(".picture:not([hidden]) svg[role=img]")].map((svg) => [
  svg.getAttribute("aria-label"),
  svg.querySelectorAll("rect, path, circle, line").length,
])`;
const CHART_COUNT = 11;

inBrowser((browser) => {
  const open = (findings: Findings, width: number, scripts = true) =>
    openReport(browser(), renderReport(findings), width, scripts);
  const charts = (page: Page) => page.evaluate<[string, number][]>(CHARTS);

  test.each(Object.entries(WIDTHS))(
    "every chart is drawn and accessible on a %s",
    async (name, width) => {
      const { page, close } = await open(sampleFindings(), width);
      const drawn = await charts(page);
      expect(drawn).toHaveLength(CHART_COUNT);
      for (const [label, marks] of drawn) expect(marks, label).toBeGreaterThan(0);
      await expectNothingCut(page);
      await expectNothingOver(page);
      await reportShot(page, name);
      expect(await axe(page)).toEqual([]);
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
    await expectNothingCut(page);
    expect(await axe(page)).toEqual([]);
    await reportShot(page, "tables");
    await close();
  });

  test("it is drawn anew for paper, and again for the screen", async () => {
    const { page, close } = await open(sampleFindings(), WIDTHS.telephone);
    const width = () =>
      page.evaluate(`document.querySelector("#energy .place > svg").getAttribute("width")`);
    const before = await width();
    await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
    expect(await width()).toBe("680");
    await page.evaluate(`dispatchEvent(new Event("afterprint"))`);
    expect(await width()).toBe(before);
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
    await expectNothingCut(page);
    await reportShot(page, "many");
    await close();
  });
});
