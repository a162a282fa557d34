import { expect, test } from "vitest";
import { inSomeLanguage } from "../support/browser/in-each-language.ts";

const LOCK = 5 * 60;
const WIPE = 15 * 60;

inSomeLanguage((open) => {
  test("a reload shows the same visit, and an idle desk nothing; it is unlocked by the visit's own card only", async () => {
    const bed = await open({ unseen: true });
    await bed.checked("A");
    await bed.page.reload();
    await bed.speak(bed.language);
    await bed.heading("visit.resultTitle").waitFor();
    await bed.pass(LOCK + 5);
    await bed.heading("shell.lockedTitle").waitFor();
    expect(await bed.page.locator("main").innerText()).not.toContain(bed.say("visit.levelHigh"));
    await bed.scan("B");
    await bed.page.getByRole("alert").waitFor();
    await bed.scan("A");
    await bed.heading("visit.resultTitle").waitFor();
    await bed.sees("visit.levelHigh");
  });

  test("a locked desk that nobody comes back to is wiped", async () => {
    const bed = await open({ unseen: true });
    await bed.checked("A");
    await bed.pass(LOCK + WIPE + 10);
    await bed.heading("visit.startTitle").waitFor();
  });

  test("a test that was looked up without a card is wiped instead", async () => {
    const bed = await open({ unseen: true });
    await bed.lookUp("negative");
    await bed.heading("test.negativeTitle").waitFor();
    await bed.pass(LOCK + 5);
    await bed.heading("test.negativeTitle").waitFor({ state: "detached" });
    expect(await bed.heading("shell.lockedTitle").count()).toBe(0);
  });
});
