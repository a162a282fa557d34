import { expect, test } from "vitest";
import { renderFrontier } from "../../simulator/report/render-frontier.ts";
import { NUMBERED } from "../../simulator/tune/trials.ts";
import type { Tuning } from "../../simulator/tune/tuning.ts";
import { axe } from "../support/browser/axe.ts";
import { inBrowser } from "../support/browser/in-each-language.ts";
import { reportShot } from "../support/browser/report-shot.ts";
import {
  expectNothingCut,
  expectNothingOver,
  openReport,
  WIDTHS,
} from "../support/report/report-page.ts";
import { sampleTuning } from "../support/report/sample-tuning.ts";

/** How many signs each picture has. */
const SIGNS = `Object.fromEntries([...document.querySelectorAll(".picture:not([hidden])")].map((picture) => [
  picture.closest("figure").id,
  picture.querySelectorAll("svg [class^=sign-] path").length,
]))`;
inBrowser((browser) => {
  const open = (tuning: Tuning, width: number, scripts = true) =>
    openReport(browser(), renderFrontier(tuning), width, scripts);

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
      await expectNothingCut(page);
      await expectNothingOver(page);
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

  test("when no schedule is precise enough all signs are hollow, and there is no line", async () => {
    const sample = sampleTuning();
    const tried = sample.tried.map((each) => ({
      ...each,
      precision: { mean: 0.4, low: 0.3, high: 0.5 },
    }));
    const { page, close } = await open({ ...sample, tried }, WIDTHS.screen);
    expect(await page.locator("#recall .hollow path").count()).toBe(tried.length);
    expect(await page.locator("#recall .frontier-line path").count()).toBe(0);
    await expectNothingCut(page);
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
