/**
 * The page's words, as the page has them: elements are found by what is on them, in each language.
 *
 * @module
 */
import { IntlMessageFormat } from "intl-messageformat";
import type { Language } from "../../../companion/languages.ts";
import { messagesIn } from "../page-messages.ts";

/** What the page calls its languages. */
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
  const { other: _, ...known } = messagesIn(language)["failures"]!;
  return Object.values(known);
}

/** The words of a language. */
export function wordsOf(language: Language): Say {
  const messages = messagesIn(language);
  return (key, values) => {
    const [part = "", name = ""] = key.split(".");
    const message = messages[part]?.[name];
    if (message === undefined) throw new Error(`there is no message ${key} in ${language}`);
    const format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
    return String(format.format(values));
  };
}
