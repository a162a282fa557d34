import { expect, test } from "vitest";
import type { DeskBed } from "../support/browser/desk-bed.ts";
import { inSomeLanguage } from "../support/browser/in-each-language.ts";

inSomeLanguage((open) => {
  test("a code is grouped as it is typed, and checked before it is sent", async () => {
    const bed = await open({ unseen: true });
    let calls = 0;
    bed.faults.onCall = () => {
      calls++;
      return undefined;
    };
    await bed.go("shell.testResult");
    const field = bed.page.getByLabel(bed.say("test.codeLabel"));
    await field.pressSequentially("26112026");
    expect(await field.inputValue()).toMatch(/^[\d ]*$/);
    expect((await field.inputValue()).split(" ").length).toBeGreaterThan(1);
    await bed.press("test.lookUp");
    await bed.sees("test.codeMissing", { count: 2 });
    expect(calls).toBe(0);
  });

  test("a test that is negative says what to do next, and leads to the next wearer", async () => {
    const bed = await open({ unseen: true });
    await bed.lookUp("negative");
    await bed.heading("test.negativeTitle").waitFor();
    await bed.sees("test.negativeNext");
    await bed.press("shell.nextWearer");
    await bed.heading("visit.startTitle").waitFor();
  });

  test("with consent, B's keys are published once, the permission is gone, and A is warned of B", async () => {
    const bed = await open({ unseen: true });
    await bed.checked("A");
    expect(await daysInTable(bed)).toBe(3);
    await bed.go("shell.nextWearer");
    await bed.heading("visit.startTitle").waitFor();

    const before = bed.world.server.publishedKeys();
    await shareB(bed);
    const count = bed.world.server.publishedKeys() - before;
    expect(count).toBeGreaterThan(8);
    await bed.sees("test.publishedCount", { count });
    await bed.press("test.lookUpAnother");
    await bed.lookUp("positive");
    await bed.heading("test.redeemedTitle").waitFor();
    await bed.go("shell.nextWearer");
    await bed.heading("visit.startTitle").waitFor();

    await bed.checked("A");
    expect(await daysInTable(bed)).toBe(5);
  });

  test("after a positive test nobody is told that there is no risk, neither on the screen nor on the slip", async () => {
    const bed = await open();
    await bed.lookUp("positive");
    await bed.scan("B");
    bed.hold("B");
    await bed.heading("test.adviceTitle").waitFor();
    await bed.press("test.agree");
    await bed.heading("test.publishedTitle").waitFor();
    await bed.heading("test.adviceTitle").waitFor();
    expect(await printed(bed)).toContain(bed.say("test.positiveTitle"));
    await bed.press("shell.back");
    await bed.screen("visit.statusTitle", undefined, "positive-status");
    await bed.heading("test.positiveTitle").waitFor();
    await bed.press("visit.checkNow");
    await bed.screen("visit.resultTitle", undefined, "positive-result");
    await bed.heading("test.positiveTitle").waitFor();
    await bed.heading("visit.chartTitle").waitFor();
    expect(await bed.page.locator("main").textContent()).not.toContain(bed.say("visit.levelNone"));
    expect(await printed(bed)).toContain(bed.say("test.positiveTitle"));
  });

  test("without consent nothing leaves the token", async () => {
    const bed = await open({ unseen: true });
    const before = bed.world.server.publishedKeys();
    const calls: string[] = [];
    await bed.toConsent();
    bed.faults.onCall = (path) => {
      calls.push(path);
      return undefined;
    };
    await bed.press("test.disagree");
    await bed.heading("test.declinedTitle").waitFor();
    await bed.heading("test.adviceTitle").waitFor();
    expect(bed.world.server.publishedKeys()).toBe(before);
    expect(calls).toEqual([]);
  });
});

async function shareB(bed: DeskBed): Promise<void> {
  await bed.toConsent();
  await bed.press("test.agree");
  await bed.heading("test.publishedTitle").waitFor();
}

/** What is printed, which is one page. */
async function printed(bed: DeskBed): Promise<string> {
  const pdf = await bed.page.pdf({ format: "A4" });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await bed.page.emulateMedia({ media: "print" });
  const text = await bed.page.locator("body").innerText();
  await bed.page.emulateMedia({ media: null });
  return text;
}

/** Days with a meeting in the table of the chart. */
async function daysInTable(bed: DeskBed): Promise<number> {
  const rows = bed.page.getByRole("table").getByRole("row");
  return (await rows.filter({ hasNotText: bed.say("visit.noMeeting") }).count()) - 1;
}
