import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Texts } from "../../../companion/desk/desk-api.ts";
import { Failure } from "../../../companion/failure.ts";
import { LANGUAGES } from "../../../companion/languages.ts";
import { defaultText, readTexts, TEXT_FILES } from "../../../companion/texts/texts.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "saqbol-texts-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, content: string | Uint8Array) =>
  writeFileSync(join(folder, file), content);

function complaint(directory = folder): string {
  try {
    readTexts(directory);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).toBe("texts-invalid");
    expect(error.message).toMatch(/^The (file|text|directory) .*[^.]\.$/);
    return error.message;
  }
  throw new Error("there was no complaint");
}

/** All texts of a language, by their place in {@link Texts}. */
const all = ({ advice, advicePositive, detectionConsent, sharingConsent, help }: Texts) => ({
  ...advice,
  advicePositive,
  detectionConsent,
  sharingConsent,
  help,
});

test("there are seven texts in three languages, none of them empty", () => {
  expect(TEXT_FILES).toHaveLength(21);
  for (const language of LANGUAGES) {
    const texts = all(readTexts()(language));
    expect(Object.keys(texts)).toHaveLength(7);
    for (const paragraphs of Object.values(texts)) expect(paragraphs.length).toBeGreaterThan(1);
  }
});

test("a line is a paragraph; blank lines and comments are left out", () => {
  write("help.en.txt", "\ufeff# For the editor\r\n\r\n  Ask us.  \n- Here\n#\n- or there\n");
  expect(readTexts(folder)("en").help).toEqual(["Ask us.", "- Here", "- or there"]);
});

test("a text that the health authority has not written is the default", () => {
  write("help.kk.txt", "Бізден сұраңыз.\n");
  const own = readTexts(folder);
  expect(own("kk")).toEqual({ ...readTexts()("kk"), help: ["Бізден сұраңыз."] });
  expect(own("ru")).toEqual(readTexts()("ru"));
});

test("other files beside the texts do not matter", () => {
  write("help.en.txt", "Ask us.\n");
  write("README.md", "");
  expect(readTexts(folder)("en").help).toEqual(["Ask us."]);
});

test("defaults are handed out as they are, with their comments", () => {
  for (const file of TEXT_FILES) {
    const text = Buffer.from(defaultText(file)).toString("utf8");
    expect(text).toBe(
      readFileSync(new URL(`../../../companion/texts/${file}`, import.meta.url), "utf8"),
    );
    expect(text).toMatch(/^# [^\n]+\n[^#\n]/);
    write(file, text);
  }
  for (const language of LANGUAGES)
    expect(readTexts(folder)(language)).toEqual(readTexts()(language));
});

describe("a mistake names the file and what to do", () => {
  test("a directory that is not there", () => {
    expect(complaint(join(folder, "nowhere"))).toMatch(/nowhere cannot be read; check its name/);
  });

  test("a directory without any text", () => {
    expect(complaint()).toMatch(/has no text such as advice-none\.kk\.txt; name another/);
  });

  test.each(["advice-hihg.kk.txt", "help.de.txt", "help.txt"])("a wrong name, %s", (name) => {
    write("help.en.txt", "Ask us.\n");
    write(name, "Ask us.\n");
    expect(complaint()).toContain(`${name} is none of the texts; give it a name such as`);
  });

  test.each([
    ["nothing", ""],
    ["comments only", "# Ask\n\n   \n"],
  ])("a text of %s", (_, content) => {
    write("help.en.txt", content);
    expect(complaint()).toMatch(/help\.en\.txt is empty; write it, or take the file away/);
  });

  test.each([
    ["Windows-1251", Buffer.from([0xd1, 0xef, 0xf0, 0xee, 0xf1, 0xe8, 0xf2, 0xe5])],
    ["UTF-16", Buffer.from("\ufeffСпросите", "utf16le")],
    ["UTF-16 without its mark", Buffer.from("Спросите нас", "utf16le")],
    ["what a wrong program made of it", "Спроси\ufffd\ufffdе"],
  ])("%s", (_, content) => {
    write("help.ru.txt", content);
    expect(complaint()).toMatch(/help\.ru\.txt is not UTF-8; save it with that encoding/);
  });
});
