import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openBrowser } from "../../simulator/desk-bench/open-browser.ts";
import { slipCode } from "../../simulator/desk-demo/slips.ts";
import { DeskBed } from "../support/browser/desk-bed.ts";
import { inBrowser } from "../support/browser/in-each-language.ts";

/** How much of it a page has stored. */
const STORED = `(async () => ({
  local: localStorage.length,
  session: sessionStorage.length,
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  cookies: document.cookie.length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
}))()`;

inBrowser(() => {
  test("after a visit nothing of it is stored, neither by the page nor anywhere on the disk", async () => {
    const browser = await openBrowser();
    try {
      const bed = await DeskBed.open(browser.context, "ru", { unseen: true });
      const { card } = bed.world.token("A");
      await bed.checked("A");
      await bed.page.getByRole("table").waitFor({ state: "attached" });
      const told = await bed.page.locator("main table td, main h2").allInnerTexts();
      await bed.lookUp("positive");
      await bed.heading("test.consentTitle").waitFor();
      await bed.go("shell.nextWearer");
      await bed.heading("visit.startTitle").waitFor();

      expect(await bed.page.evaluate(STORED)).toEqual({
        local: 0,
        session: 0,
        databases: 0,
        caches: 0,
        cookies: 0,
        workers: 0,
      });
      expect(await browser.context.cookies()).toEqual([]);
      const address = new URL(bed.url).host;
      await bed.close();
      await browser.context.close();

      const code = slipCode("positive");
      const secrets = [
        ...[card, card.split(":")[2]!, card.split(":")[3]!],
        ...[code, code.replace(/(...)(...)(....)/, "$1 $2 $3")],
        ...[bed.say("visit.levelHigh"), bed.say("test.positiveTitle")],
        // Days are in the calendar of every browser; with minutes they are somebody's.
        ...told.filter((words) => words.length > 12),
      ];
      const files = filesIn(browser.userDataDirectory);
      // The browser has written down where it was, in its history: the search finds what is there.
      expect(findIn(files, [address])).not.toEqual([]);
      expect(findIn(files, secrets)).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Names of the files with any of these texts in them, in the encodings of browsers. */
function findIn(files: readonly string[], texts: readonly string[]): string[] {
  const wanted = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, "utf16le")]);
  return files.filter((file) => {
    const content = readFileSync(file);
    return wanted.some((bytes) => content.includes(bytes));
  });
}
