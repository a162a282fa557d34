/**
 * What the health authority has to say to wearers: plain text files, which it can replace by its own (docs/texts.md).
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Texts } from "../desk/desk-api.ts";
import { Failure } from "../failure.ts";
import { LANGUAGES, type Language } from "../languages.ts";

/** Names of the texts; their files are `<name>.<language>.txt`. */
export const TEXT_NAMES = [
  "advice-none",
  "advice-low",
  "advice-high",
  "advice-positive",
  "detection-consent",
  "sharing-consent",
  "help",
] as const;
export type TextName = (typeof TEXT_NAMES)[number];

/** Names of all files. */
export const TEXT_FILES: readonly string[] = TEXT_NAMES.flatMap((name) =>
  LANGUAGES.map((language) => fileOf(name, language)),
);

// Built, they lie beside the built module.
const DEFAULTS = fileURLToPath(new URL(".", import.meta.url));

// What no text has, and files of other encodings do.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const NOT_TEXT = /[\0-\x08\x0e-\x1f\ufffd]/;

/**
 * Reads and checks all texts. A line is a paragraph, or with `- ` before it a point of a list; blank lines and those that
 * begin with `#` are left out.
 *
 * @param directory - the health authority's own texts; of those that are not there the default is taken
 * @throws Failure `texts-invalid`, which names the file and says what to do
 */
export function readTexts(directory?: string): (language: Language) => Texts {
  const own = directory === undefined ? [] : ownFiles(directory);
  const read = (name: TextName, language: Language): string[] => {
    const file = fileOf(name, language);
    return paragraphs(join(own.includes(file) ? directory! : DEFAULTS, file));
  };
  const texts = new Map(
    LANGUAGES.map((language): [Language, Texts] => [
      language,
      {
        advice: {
          none: read("advice-none", language),
          low: read("advice-low", language),
          high: read("advice-high", language),
        },
        advicePositive: read("advice-positive", language),
        detectionConsent: read("detection-consent", language),
        sharingConsent: read("sharing-consent", language),
        help: read("help", language),
      },
    ]),
  );
  return (language) => texts.get(language)!;
}

/**
 * A default as it is in its file, to be changed by a health authority.
 *
 * @param file - one of {@link TEXT_FILES}
 */
export function defaultText(file: string): Uint8Array {
  return bytesOf(join(DEFAULTS, file));
}

function fileOf(name: TextName, language: Language): string {
  return `${name}.${language}.txt`;
}

// A file with a wrong name would be a change that nobody gets to see.
function ownFiles(directory: string): string[] {
  const files = namesIn(directory).filter((name) => name.endsWith(".txt"));
  const stranger = files.find((name) => !TEXT_FILES.includes(name));
  if (stranger !== undefined) {
    throw invalid(
      `The file ${join(directory, stranger)} is none of the texts; give it a name such as ${TEXT_FILES[0]}, or take it away.`,
    );
  }
  if (files.length > 0) return files;
  throw invalid(`The directory ${directory} has no text such as ${TEXT_FILES[0]}; name another.`);
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    throw invalid(`The directory ${directory} cannot be read; check its name and who may read it.`);
  }
}

function paragraphs(path: string): string[] {
  const lines = decoded(path)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length > 0) return lines;
  throw invalid(`The text ${path} is empty; write it, or take the file away.`);
}

function decoded(path: string): string {
  const refused = invalid(`The text ${path} is not UTF-8; save it with that encoding.`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(path));
  } catch (error) {
    throw error instanceof Failure ? error : refused;
  }
  if (NOT_TEXT.test(text)) throw refused;
  return text;
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw invalid(`The text ${path} cannot be read; check that it is there and who may read it.`);
  }
}

function invalid(sentence: string): Failure {
  return new Failure("texts-invalid", sentence);
}
