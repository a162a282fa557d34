import { expect, test } from "vitest";
import { ALL_SCREENS, visitAllScreens } from "../support/browser/all-screens.ts";
import { inEachLanguage } from "../support/browser/in-each-language.ts";
import { LANGUAGES, wordsOf } from "../support/browser/messages.ts";
import { shot } from "../support/browser/shot.ts";
import { smallTargets } from "../support/browser/small-targets.ts";

/** A clinic's screen at 200 %. */
const MAGNIFIED = { width: 640, height: 360 };
const TIMEOUT = 240_000;

inEachLanguage((open, language) => {
  test("every screen is accessible, with high contrast too, fits the window, and leaves the address as it is", {
    timeout: TIMEOUT,
  }, async () => {
    const bed = await open(ALL_SCREENS);
    await visitAllScreens(bed, async (picture) => {
      await bed.look(picture);
      await bed.page.emulateMedia({ forcedColors: "active" });
      await shot(bed.page, language, `forced-colours/${picture}`);
      await bed.page.emulateMedia({ forcedColors: "none", contrast: "more" });
      await bed.look(`contrast/${picture}`);
      await bed.page.emulateMedia({ contrast: "no-preference" });
    });
  });

  test("every screen can be read at 200 %, and pressed with a thumb", {
    timeout: TIMEOUT,
  }, async () => {
    const bed = await open(ALL_SCREENS);
    await bed.page.setViewportSize(MAGNIFIED);
    await visitAllScreens(bed, async (picture) => {
      await bed.look(`magnified/${picture}`);
      expect(await smallTargets(bed.page)).toEqual([]);
    });
  });

  test("the language is switched on every screen, which stays as it is", {
    timeout: TIMEOUT,
  }, async () => {
    const bed = await open({ ...ALL_SCREENS, unseen: true });
    await visitAllScreens(bed, async (picture, key, values) => {
      // A question that waits for its answer lies over everything else.
      if (picture.includes("dialog")) return;
      for (const other of LANGUAGES.filter((each) => each !== language)) {
        await bed.speak(other);
        const name = wordsOf(other)(key, values);
        await bed.page.getByRole("heading", { name, exact: true }).waitFor();
      }
      await bed.speak(language);
    });
  });
});
