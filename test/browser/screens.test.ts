import { expect, test } from "vitest";
import { LANGUAGES } from "../../companion/languages.ts";
import { ALL_SCREENS, visitAllScreens } from "../support/browser/all-screens.ts";
import type { DeskBed } from "../support/browser/desk-bed.ts";
import { inEachLanguage } from "../support/browser/in-each-language.ts";
import { type Values, wordsOf } from "../support/browser/messages.ts";
import { shot } from "../support/browser/shot.ts";
import { smallTargets } from "../support/browser/small-targets.ts";

const CLINIC = { width: 1280, height: 720 };
/** A clinic's screen at 200 %. */
const MAGNIFIED = { width: 640, height: 360 };
/** And at 400 % (WCAG 2.2, 1.4.10). */
const NARROW = { width: 320, height: 256 };
const TIMEOUT = 240_000;

inEachLanguage((open, language) => {
  test("every screen is accessible, at 200 and 400 %, too, fits the window, can be pressed with a thumb, and leaves the address as it is", {
    timeout: TIMEOUT,
  }, async () => {
    const bed = await open(ALL_SCREENS);
    await visitAllScreens(bed, async (picture, key, values) => {
      await bed.look(picture);
      await bed.page.setViewportSize(MAGNIFIED);
      await bed.look(`magnified/${picture}`);
      expect(await smallTargets(bed.page)).toEqual([]);
      await bed.page.setViewportSize(NARROW);
      await bed.fits();
      await bed.page.setViewportSize(CLINIC);
      // Colours are the same in each language, and so is what one may switch to.
      if (language === "ru") await lookAtColours(bed, picture);
      // A question that waits for its answer lies over everything else.
      if (language === "kk" && !picture.includes("dialog")) await switchLanguage(bed, key, values);
    });
  });
});

/** High contrast, and colours that the wearer of the eyes has chosen. */
async function lookAtColours(bed: DeskBed, picture: string): Promise<void> {
  await bed.page.emulateMedia({ forcedColors: "active" });
  await shot(bed.page, bed.language, `forced-colours/${picture}`);
  await bed.page.emulateMedia({ forcedColors: "none", contrast: "more" });
  await bed.look(`contrast/${picture}`);
  await bed.page.emulateMedia({ contrast: "no-preference" });
}

/** The language is switched on the screen, which stays as it is. */
async function switchLanguage(bed: DeskBed, key: string, values?: Values): Promise<void> {
  for (const other of [...LANGUAGES.filter((each) => each !== bed.language), bed.language]) {
    await bed.speak(other);
    const name = wordsOf(other)(key, values);
    await bed.page.getByRole("heading", { name, exact: true }).waitFor();
  }
}
