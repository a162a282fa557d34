/**
 * Takes ICU messages apart.
 *
 * @module
 */
import { IntlMessageFormat } from "intl-messageformat";
import type { Language } from "../../companion/languages.ts";

/** Elements of a message, as @formatjs/icu-messageformat-parser names their types. */
type Elements = ReturnType<IntlMessageFormat["getAst"]>;
const LITERAL = 0;
const ARGUMENT = 1;
const NUMBER = 2;
const DATE = 3;
const TIME = 4;
const SELECT = 5;
const PLURAL = 6;
const POUND = 7;

/** What a message has a place for; a plural is a number, of which its words depend in some languages. */
export type ArgumentKind = "text" | "number" | "date" | "select";

const KINDS: Readonly<Record<number, ArgumentKind>> = {
  [ARGUMENT]: "text",
  [NUMBER]: "number",
  [PLURAL]: "number",
  [DATE]: "date",
  [TIME]: "date",
  [SELECT]: "select",
};

/** A message taken apart. */
export interface MessageParts {
  /** Kind of each argument, by name. */
  readonly arguments: Readonly<Record<string, ArgumentKind>>;
  /** Names of the choices of each select, by the argument's name. */
  readonly selects: Readonly<Record<string, readonly string[]>>;
  /** Categories of each plural, without exact numbers such as `=0`, and those that the language has. */
  readonly plurals: readonly {
    readonly has: readonly string[];
    readonly needs: readonly string[];
  }[];
  /** The message as it may be read, once for each choice; a figure stands for each argument. */
  readonly readings: readonly string[];
}

/** Takes a message apart. @throws SyntaxError for one that is none */
export function partsOf(language: Language, message: string): MessageParts {
  const elements = new IntlMessageFormat(message, language, undefined, {
    ignoreTag: true,
  }).getAst();
  const parts = { arguments: {}, selects: {}, plurals: [] };
  collect(language, elements, parts);
  return { ...parts, readings: readings(elements) };
}

interface Collected {
  readonly arguments: Record<string, ArgumentKind>;
  readonly selects: Record<string, string[]>;
  readonly plurals: { has: string[]; needs: string[] }[];
}

function collect(language: Language, elements: Elements, parts: Collected): void {
  for (const element of elements) {
    const kind = KINDS[element.type];
    if (!kind || !("value" in element)) continue;
    parts.arguments[element.value] = kind;
    if (element.type !== SELECT && element.type !== PLURAL) continue;
    const choices = Object.keys(element.options).filter((name) => !name.startsWith("="));
    if (element.type === SELECT) parts.selects[element.value] = choices.sort();
    else {
      const type = element.pluralType ?? "cardinal";
      const { pluralCategories } = new Intl.PluralRules(language, { type }).resolvedOptions();
      parts.plurals.push({ has: choices.sort(), needs: [...pluralCategories].sort() });
    }
    for (const { value } of Object.values(element.options)) collect(language, value, parts);
  }
}

function readings(elements: Elements): string[] {
  let all = [""];
  for (const element of elements) {
    const next = nextOf(element);
    all = all.flatMap((start) => next.map((end) => start + end));
  }
  return all;
}

function nextOf(element: Elements[number]): string[] {
  switch (element.type) {
    case LITERAL:
      return [element.value];
    case SELECT:
    case PLURAL:
      return Object.values(element.options).flatMap(({ value }) => readings(value));
    case ARGUMENT:
    case NUMBER:
    case DATE:
    case TIME:
    case POUND:
      return ["7"];
    default:
      throw new Error("a message has a tag");
  }
}
