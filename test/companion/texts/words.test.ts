import { describe, expect, test } from "vitest";
import { LANGUAGES } from "../../../companion/languages.ts";
import { defaultText, TEXT_NAMES } from "../../../companion/texts/texts.ts";
import { INTERVALS_PER_DAY, RETENTION_INTERVALS } from "../../../protocol/intervals.ts";
import { PAUSE_PRESS_SECONDS } from "../../../protocol/signals.ts";
import { endingOf, wordProblems } from "../../support/word-checks.ts";

const paragraphs = (name: string, language: string): string[] =>
  Buffer.from(defaultText(`${name}.${language}.txt`))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

const POINT = /^- /;

describe.each(TEXT_NAMES)("the text %s", (name) => {
  test.each(LANGUAGES)("is written in %s alone, and cleanly", (language) => {
    const found = paragraphs(name, language).flatMap((paragraph) =>
      wordProblems(language, paragraph.replace(POINT, "")),
    );
    expect(found).toEqual([]);
  });

  test("has the same paragraphs and points in all languages", () => {
    const shape = (language: string) =>
      paragraphs(name, language).map((each) => (POINT.test(each) ? "- " : "") + endingOf(each));
    expect(shape("kk")).toEqual(shape("en"));
    expect(shape("ru")).toEqual(shape("en"));
  });
});

describe.each(LANGUAGES)("the consents in %s", (language) => {
  const days = RETENTION_INTERVALS / INTERVALS_PER_DAY;
  const numbers = (name: string) => paragraphs(name, language).join(" ").match(/\d+/g);

  test("name the days for which meetings are kept, and the seconds after which a button pauses", () => {
    expect(numbers("detection-consent")).toEqual(["10", "20", `${days}`, `${PAUSE_PRESS_SECONDS}`]);
  });

  test("name the days of which keys are published, and after which they are deleted", () => {
    expect(numbers("sharing-consent")).toEqual([`${days}`, `${days}`]);
  });
});
