import { expect, test } from "vitest";
import { LANGUAGES } from "../../companion/languages.ts";
import { openBrowser } from "../../simulator/desk-bench/open-browser.ts";
import { openOnce } from "../../simulator/desk-bench/time-to-card-field.ts";
import { openDeskDemo } from "../../simulator/desk-demo/desk-demo.ts";
import { inBrowser } from "../support/browser/in-each-language.ts";

const SLOWDOWN = 4;

inBrowser(() => {
  test.each(LANGUAGES)(
    "a card can be scanned after less than 100 kB, few requests and hardly a long task, in %s",
    async (language) => {
      const demo = await openDeskDemo({ now: Date.now() / 1000 });
      const browser = await openBrowser(language);
      try {
        const opening = await openOnce(browser.context, demo.server.url, SLOWDOWN);
        // Page, style, script, icon, words.
        expect(opening.requests).toBeLessThanOrEqual(6);
        expect(opening.bytes).toBeGreaterThan(10_000);
        expect(opening.bytes).toBeLessThan(100_000);
        expect(opening.longTasks).toBeLessThanOrEqual(4);
      } finally {
        await browser.close();
        await demo.close();
      }
    },
  );
});
