import type { Language } from "../../companion/languages.ts";

/** Names that are written in Latin letters in every language. */
const LATIN_NAMES: readonly string[] = ["Bluetooth", "QR"];

/** A name in Kazakh letters. */
const KAZAKH_NAME = "Сақбол";

/** Letters that Kazakh has and Russian has not. */
const KAZAKH_LETTERS = /[әғқңөұүһі]/i;

/** Words of a text without any of them may still be Kazakh; more are hardly. */
const MOST_WORDS_WITHOUT = 3;

/** What cannot be right in a text of a language, each in a few words; none when nothing is found. */
export function wordProblems(language: Language, text: string): string[] {
  const problems = [
    [/^\s|\s$/, "space at an end"],
    [/\s\s/, "two spaces"],
    [/\.\.\./, "three points in place of …"],
    [/\s[.,;:!?…]/, "space before a punctuation mark"],
    [/[.,;:!?]\p{L}/u, "no space after a punctuation mark"],
    [/ [-–] /, "a short dash between words"],
    ...(language === "en" ? ENGLISH_RULES : CYRILLIC_RULES),
  ].flatMap(([rule, problem]) => ((rule as RegExp).test(text) ? [problem as string] : []));
  if (language !== "en") problems.push(...latinIn(text));
  if (language === "kk" && wordsIn(text).length > MOST_WORDS_WITHOUT && !KAZAKH_LETTERS.test(text))
    problems.push("no letter that only Kazakh has");
  if (language === "ru" && KAZAKH_LETTERS.test(text.replaceAll(KAZAKH_NAME, "")))
    problems.push("a Kazakh letter");
  return problems;
}

const ENGLISH_RULES = [
  [/\p{Script=Cyrillic}/u, "a Cyrillic letter"],
  [/"/, "a straight quotation mark"],
] as const;

const CYRILLIC_RULES = [[/["']/, "a straight quotation mark"]] as const;

function latinIn(text: string): string[] {
  return (text.match(/\p{Script=Latin}+/gu) ?? [])
    .filter((word) => !LATIN_NAMES.includes(word))
    .map((word) => `Latin letters: ${word}`);
}

function wordsIn(text: string): string[] {
  return text.match(/\p{L}[\p{L}-]*/gu) ?? [];
}

/** The mark with which a text ends; empty for a word. */
export function endingOf(text: string): string {
  return /[.,;:!?…]?$/.exec(text)![0];
}
