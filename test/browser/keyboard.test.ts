import { test } from "vitest";
import { slipCode } from "../../simulator/desk-demo/slips.ts";
import type { DeskBed } from "../support/browser/desk-bed.ts";
import { inSomeLanguage } from "../support/browser/in-each-language.ts";

/** More tabs than any screen has. */
const MOST_TABS = 60;

inSomeLanguage((open) => {
  test("a check, with the keyboard alone", async () => {
    const bed = await open({ unseen: true });
    await bed.heading("visit.startTitle").waitFor();
    // The field for the card has the focus already.
    await bed.page.keyboard.type(bed.world.token("A").card);
    await bed.page.keyboard.press("Enter");
    bed.hold("A");
    await bed.heading("visit.resultTitle").waitFor();
    await tabTo(bed, "visit.told");
    await bed.page.keyboard.press("Space");
    await bed.sees("visit.toldDone");
    await tabTo(bed, "shell.nextWearer");
    await bed.page.keyboard.press("Enter");
    await bed.heading("visit.startTitle").waitFor();
  });

  test("sharing, with the keyboard alone", async () => {
    const bed = await open({ unseen: true });
    await bed.heading("visit.startTitle").waitFor();
    await tabTo(bed, "shell.testResult");
    await bed.page.keyboard.press("Enter");
    await bed.heading("test.title").waitFor();
    // The field for the code has the focus already.
    await bed.page.keyboard.type(slipCode("positive"));
    await bed.page.keyboard.press("Enter");
    await bed.heading("test.positiveTitle").waitFor();
    await bed.scan("B");
    bed.hold("B");
    await bed.heading("test.consentTitle").waitFor();
    await tabTo(bed, "test.agree");
    await bed.page.keyboard.press("Space");
    await bed.heading("test.publishedTitle").waitFor();
    await tabTo(bed, "shell.nextWearer");
    await bed.page.keyboard.press("Enter");
    await bed.heading("visit.startTitle").waitFor();
  });
});

/** Presses Tab until the button with a message on it has the focus. */
async function tabTo(bed: DeskBed, key: string): Promise<void> {
  const words = bed.say(key);
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await bed.page.keyboard.press("Tab");
    const focused = await bed.page.evaluate("document.activeElement.textContent.trim()");
    if (focused === words) return;
  }
  throw new Error(`Tab never comes to ${key}`);
}
