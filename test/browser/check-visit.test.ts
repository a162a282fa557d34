import { expect, test } from "vitest";
import { atDesk } from "../../simulator/at-desk.ts";
import { inEachLanguage, inSomeLanguage } from "../support/browser/in-each-language.ts";
import { KEYBOARD_LAYOUTS, typeAsScanner } from "../support/browser/type-as-scanner.ts";

inEachLanguage((open) => {
  test("a visit from the card to the next wearer, with a slip of one page", async () => {
    const bed = await open();
    await bed.screen("visit.startTitle");
    await bed.scan("A");
    await bed.screen("visit.searchingTitle");
    bed.hold("A");
    await bed.screen("visit.resultTitle");
    await bed.sees("visit.levelHigh");

    // The chart as a table: three days with C, the others empty.
    const rows = bed.page.getByRole("table").getByRole("row");
    expect(await rows.count()).toBe(15);
    const met = rows.filter({ hasNotText: bed.say("visit.noMeeting") });
    expect(await met.count()).toBe(1 + 3);

    await bed.press("visit.told");
    await bed.sees("visit.toldDone");
    await bed.look("visit-told");

    // The slip.
    const pdf = await bed.page.pdf({ format: "A4" });
    expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    await bed.page.emulateMedia({ media: "print" });
    const text = await bed.page.locator("body").innerText();
    expect(text).toContain(bed.say("visit.slipTitle"));
    expect(text).toContain(bed.say("visit.levelHigh"));
    expect(text).not.toContain(bed.say("visit.choices"));
    await bed.page.emulateMedia({ media: null });

    const status = await bed.tokenStatus("A");
    expect(status.exposure).toMatchObject({ level: 2, acknowledged: true });

    await bed.go("shell.nextWearer");
    await bed.screen("visit.startTitle", undefined, "visit-next");
    expect(await bed.page.locator("body").innerText()).not.toContain(bed.say("visit.levelHigh"));
  });
});

inSomeLanguage((open) => {
  test("a card is understood under each keyboard layout", async () => {
    const bed = await open({ unseen: true });
    for (const layout of KEYBOARD_LAYOUTS) {
      await bed.screen("visit.startTitle");
      await bed.scan("A", layout);
      await bed.screen("visit.searchingTitle");
      await bed.press("shell.cancel");
    }
  });

  test("the next card, scanned on a result, begins the next visit", async () => {
    const bed = await open({ unseen: true });
    await bed.checked("A");
    await bed.sees("visit.levelHigh");
    await typeAsScanner(bed.page, bed.world.token("B").card, "ru");
    await bed.heading("visit.searchingTitle").waitFor();
    bed.hold("B");
    await bed.heading("visit.resultTitle").waitFor();
    await bed.sees("visit.levelNone");
  });

  test("a first visit with consent switches the token on and checks it", async () => {
    const bed = await open({ before: async (world) => void world.replace("B") });
    await bed.scan("B");
    await bed.screen("visit.searchingTitle");
    bed.hold("B");
    await bed.screen("visit.consentTitle");
    await bed.press("visit.agree");
    await bed.screen("visit.resultTitle", undefined, "visit-first-result");
    // It has noted nothing yet, from which nothing follows.
    await bed.heading("visit.firstTitle").waitFor();
    const all = await bed.page.locator("main").textContent();
    expect(all).not.toContain(bed.say("visit.levelNone"));
    expect(all).not.toContain(bed.say("visit.chartEmpty"));
    expect((await bed.tokenStatus("B")).state).toBe("on");
  });

  test("a first visit without consent leaves the token off", async () => {
    const bed = await open({ before: async (world) => void world.replace("B") });
    await bed.scan("B");
    bed.hold("B");
    await bed.screen("visit.consentTitle");
    await bed.press("visit.disagree");
    await bed.screen("visit.declinedTitle");
    expect((await bed.tokenStatus("B")).state).toBe("off");
  });

  test("a paused token is checked, and resumed from the result", async () => {
    const bed = await open({
      before: async (world) => {
        await atDesk(world.world, world.token("A").device, (client) =>
          client.setState("paused", false),
        );
      },
    });
    await bed.checked("A");
    await bed.sees("visit.detectionPaused");
    await bed.look("visit-paused");
    await bed.press("visit.resume");
    await bed.sees("visit.detectionOn");
    expect((await bed.tokenStatus("A")).state).toBe("on");
  });
});
