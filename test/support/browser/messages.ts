/**
 * The page's words, as the page has them: elements are found by what is on them, in each language.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { IntlMessageFormat } from "intl-messageformat";
import type { Language } from "../../../companion/desk/desk-api.ts";

const DIRECTORY = fileURLToPath(new URL("../../../companion/page/messages", import.meta.url));

/** In the order in which the page offers them. */
export const LANGUAGES: readonly Language[] = ["kk", "ru", "en"];
/** What the page calls them. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  kk: "Қазақша",
  ru: "Русский",
  en: "English",
};

/** What a message has places for. */
export type Values = Readonly<Record<string, string | number | Date>>;

/** Writes a message. @throws Error when there is none of that key */
export type Say = (key: string, values?: Values) => string;

/** The sentences for failures that a page has words for. */
export function failureWords(language: Language): string[] {
  const { other: _, ...known } = partOf(language, "failures");
  return Object.values(known);
}

/** The words of a language. */
export function wordsOf(language: Language): Say {
  const messages = new Map<string, string>();
  for (const file of readdirSync(join(DIRECTORY, language))) {
    const part = file.replace(/\.json$/, "");
    const words = partOf(language, part);
    for (const [key, message] of Object.entries(words)) messages.set(`${part}.${key}`, message);
  }
  return (key, values) => {
    const message = messages.get(key);
    if (message === undefined) throw new Error(`there is no message ${key} in ${language}`);
    const format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
    return String(format.format(values));
  };
}

function partOf(language: Language, part: string): Record<string, string> {
  const text = readFileSync(join(DIRECTORY, language, `${part}.json`), "utf8");
  return JSON.parse(text) as Record<string, string>;
}
