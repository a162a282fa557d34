import { expect, test } from "vitest";
import { LANGUAGES } from "../../../companion/languages.ts";
import { CARD_WORDS } from "../../../companion/provisioning/card/words.ts";
import { endingOf, wordProblems } from "../../support/word-checks.ts";

/** All words of a card, in their order. */
const flat = (words: object): string[] =>
  Object.values(words).flatMap((each) => (typeof each === "string" ? [each] : flat(each)));

test.each(LANGUAGES)(
  "the words of a card in %s are of that language alone, and clean",
  (language) => {
    expect(flat(CARD_WORDS[language]).flatMap((text) => wordProblems(language, text))).toEqual([]);
  },
);

test("a card has the same sentences in all languages", () => {
  const endings = LANGUAGES.map((language) =>
    flat({ ...CARD_WORDS[language], serial: "" }).map(endingOf),
  );
  for (const each of endings) expect(each).toEqual(endings[0]);
});
