/**
 * The page's words in its three languages: ICU messages, one file for each language and part of the page.
 *
 * @module
 */
import { IntlMessageFormat } from "intl-messageformat";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Language } from "../languages.ts";
import { dateFormat, numberFormat } from "./formats.ts";
import type { Messages } from "./messages/en.ts";

/** In the order in which they are offered, each with its own name. */
export const LANGUAGES: Readonly<Record<Language, string>> = {
  kk: "Қазақша",
  ru: "Русский",
  en: "English",
};

/** `part.name` of a message. */
export type MessageKey = {
  [Part in keyof Messages]: `${Part}.${keyof Messages[Part] & string}`;
}[keyof Messages];

/** What a message has places for. Numbers and dates are written as the language does. */
export type Values = Readonly<Record<string, string | number | Date>>;

/** The words of one language. */
export interface Words {
  readonly language: Language;
  /** Writes a message. */
  readonly t: (key: MessageKey, values?: Values) => string;
  /** Whether there is a message of that key, which was made from a code. */
  readonly has: (key: string) => key is MessageKey;
}

/** The language to begin with: the first of the browser's that the page has, or Kazakh. */
export function firstLanguage(): Language {
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return (wanted.find((each) => Object.hasOwn(LANGUAGES, each)) ?? "kk") as Language;
}

/** Loads the words of a language. */
export async function loadWords(language: Language): Promise<Words> {
  const messages: Messages = (await LOADERS[language]()).messages;
  const formatters = {
    getNumberFormat: (_: unknown, options?: object) => numberFormat(language, options),
    getDateTimeFormat: (_: unknown, options?: object) =>
      dateFormat(language, options ?? {}) as Intl.DateTimeFormat,
    getPluralRules: (_: unknown, options?: object) => new Intl.PluralRules(language, options),
  };
  const compiled = new Map<string, IntlMessageFormat>();
  const find = (key: string): string | undefined => {
    const dot = key.indexOf(".");
    const part = messages[key.slice(0, dot) as keyof Messages] as Record<string, string>;
    return part?.[key.slice(dot + 1)];
  };
  return {
    language,
    has: (key): key is MessageKey => find(key) !== undefined,
    t: (key, values) => {
      let format = compiled.get(key);
      if (!format) {
        const text = find(key) ?? key;
        format = new IntlMessageFormat(text, language, undefined, { ignoreTag: true, formatters });
        compiled.set(key, format);
      }
      return String(format.format(values));
    },
  };
}

const LOADERS = {
  kk: () => import("./messages/kk.ts"),
  ru: () => import("./messages/ru.ts"),
  en: () => import("./messages/en.ts"),
} as const;

const WordsContext = createContext<Words | null>(null);

/** Gives words to everything inside. */
export const WordsProvider = WordsContext.Provider;

/** The words of the language that was chosen. */
export function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error("no words were provided");
  return words;
}
