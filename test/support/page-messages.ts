import { readdirSync, readFileSync } from "node:fs";
import type { Language } from "../../companion/languages.ts";

const DIRECTORY = new URL("../../companion/page/messages/", import.meta.url);

/** The page's messages of a language, by part and name. */
export function messagesIn(language: Language): Record<string, Record<string, string>> {
  const directory = new URL(`${language}/`, DIRECTORY);
  return Object.fromEntries(
    readdirSync(directory).map((file) => [
      file.replace(/\.json$/, ""),
      JSON.parse(readFileSync(new URL(file, directory), "utf8")) as Record<string, string>,
    ]),
  );
}
