import { expect, test } from "vitest";
import { inEachLanguage } from "../support/browser/in-each-language.ts";

/** Of small and usual screens, in CSS pixels. */
const WIDTHS = [850, 1024, 1280, 1366, 1440];

/** By how many pixels what is in the contents reaches over the first article, across and down; one of them is not positive. */
const OVER = `(() => {
  const boxes = [...document.querySelectorAll(".contents, .contents *")].map((each) => each.getBoundingClientRect());
  const first = document.querySelector(".information-sections > section").getBoundingClientRect();
  return Math.min(
    Math.max(...boxes.map(({ right }) => right)) - first.left,
    Math.max(...boxes.map(({ bottom }) => bottom)) - first.top,
  );
})()`;

/** By how many pixels the demonstration's panel, and what is in it, is wider than there is room. */
const PANEL_BESIDE = `(() => {
  const panel = document.querySelector("#demonstration");
  const right = panel.getBoundingClientRect().left + panel.clientLeft + panel.clientWidth;
  return Math.max(...[...panel.querySelectorAll("*")].map((each) => each.getBoundingClientRect().right - right));
})()`;

inEachLanguage((open) => {
  test.each([false, true])("nothing lies over anything else, with the panel: %s", async (panel) => {
    const bed = await open({ panel, unseen: true });
    await bed.go("shell.information");
    await bed.heading("information.title").waitFor();
    if (panel) await bed.page.locator(".demo-slip").first().waitFor();
    for (const width of WIDTHS) {
      await bed.page.setViewportSize({ width, height: 768 });
      expect.soft(await bed.page.evaluate(OVER), `contents at ${width}`).toBeLessThanOrEqual(0);
      if (!panel) continue;
      expect
        .soft(await bed.page.evaluate(PANEL_BESIDE), `panel at ${width}`)
        .toBeLessThanOrEqual(0);
    }
  });
});
