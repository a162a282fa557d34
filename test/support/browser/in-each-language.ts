import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { LANGUAGES, type Language } from "../../../companion/languages.ts";
import { chromiumPath } from "../../../simulator/desk-bench/chromium.ts";
import { openBrowser, type TestBrowser } from "../../../simulator/desk-bench/open-browser.ts";
import { type BedOptions, DeskBed } from "./desk-bed.ts";
import { shot } from "./shot.ts";

/** Opens a desk and its page for the test that runs; it is closed behind it, and a failed test leaves a picture. */
export type OpenBed = (options?: BedOptions) => Promise<DeskBed>;

/**
 * Tests in a browser, once in each language: of what is read on the screens. Without Chromium they are skipped and say so; with
 * `CI=true` that fails.
 *
 * @param define - gets how a test opens its desk, and the language
 */
export function inEachLanguage(define: (open: OpenBed, language: Language) => void): void {
  inBrowser((browser) => {
    describe.each(LANGUAGES)("in %s", (language) => {
      define(
        bedsOf(browser, () => language),
        language,
      );
    });
  });
}

/**
 * Tests in a browser, each in one of the languages, and always in the same: of what the desk does, which is the same in all of them.
 *
 * @param define - gets how a test opens its desk
 */
export function inSomeLanguage(define: (open: OpenBed) => void): void {
  inBrowser((browser) => {
    define(bedsOf(browser, () => {
      const { currentTestName = "" } = expect.getState();
      return LANGUAGES[currentTestName.length % LANGUAGES.length]!;
    }));
  });
}

function bedsOf(browser: () => TestBrowser, language: () => Language): OpenBed {
  let beds: DeskBed[] = [];
  afterEach(async ({ task }) => {
    const open = beds;
    beds = [];
    for (const bed of open) {
      if (task.result?.state === "fail") await shot(bed.page, bed.language, `failed/${task.id}`);
      await bed.close();
    }
  });
  return async (options) => {
    const bed = await DeskBed.open(browser().context, language(), options);
    beds.push(bed);
    return bed;
  };
}

/** Tests in a browser, which is the same for all of a file. */
export function inBrowser(define: (browser: () => TestBrowser) => void): void {
  test.runIf(process.env["CI"])("Chromium is there", () => {
    expect(chromiumPath()).toBeDefined();
  });
  if (!chromiumPath()) {
    console.warn(
      "Not run: the tests of the desk's page need Chromium (Debian's package chromium); name its path in CHROMIUM.",
    );
  }
  describe.skipIf(!chromiumPath())("in Chromium", () => {
    let browser: TestBrowser;
    beforeAll(async () => {
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser.close();
    });
    define(() => browser);
  });
}
