import { expect, test } from "vitest";
import { openOnce } from "../../simulator/desk-bench/time-to-card-field.ts";
import { inEachLanguage } from "../support/browser/in-each-language.ts";

const SLOWDOWN = 4;

inEachLanguage((open) => {
  test("a card can be scanned after less than 100 kB, few requests and hardly a long task", async () => {
    const bed = await open({ unseen: true });
    const opening = await openOnce(bed.page.context(), bed.url, SLOWDOWN);
    // Page, style, script, icon, words.
    expect(opening.requests).toBeLessThanOrEqual(6);
    expect(opening.bytes).toBeGreaterThan(10_000);
    expect(opening.bytes).toBeLessThan(100_000);
    expect(opening.longTasks).toBeLessThanOrEqual(4);
  });
});
