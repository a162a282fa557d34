import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LANGUAGES, type Language } from "../../../companion/languages.ts";
import { dateFormat, numberFormat } from "../../../companion/page/formats.ts";
import { launchChromium, withoutChromium } from "../desk-server/chromium.ts";

const DAY = 86_400_000;
/** A day in each month, each on another day of the week than the one before, at a time of its own. */
const DATES = Array.from({ length: 14 }, (_, at) => Date.UTC(2026, 0, 5, 9, 4) + at * 29 * DAY);
const NUMBERS = [0, 7, -5, 62, 1234.5, 1_234_567];

const OPTIONS: Intl.DateTimeFormatOptions[] = [
  { day: "numeric", month: "long" },
  { day: "numeric", month: "short" },
  { day: "numeric", month: "long", year: "numeric" },
  { weekday: "long", day: "numeric", month: "long" },
  { weekday: "short", day: "numeric" },
  { weekday: "long" },
  { weekday: "short" },
  { month: "short" },
  { hour: "2-digit", minute: "2-digit" },
].map((options) => ({ ...options, timeZone: "UTC" }) as Intl.DateTimeFormatOptions);

const EXAMPLES = {
  kk: ["23 қараша", "2026 ж. 23 қараша", "23 қараша, дүйсенбі", "12 345,6"],
  ru: ["23 ноября", "23 ноября 2026 г.", "понедельник, 23 ноября", "12 345,6"],
  en: ["23 November", "23 November 2026", "Monday 23 November", "12,345.6"],
};

/** English as in Britain, with the day before the month as in the other languages. */
const TAGS = { kk: "kk", ru: "ru", en: "en-GB" };

// As Node writes them, which has the data of all languages.
const byIntl = (language: Language): string[] => [
  ...OPTIONS.flatMap((each) => DATES.map(new Intl.DateTimeFormat(TAGS[language], each).format)),
  ...NUMBERS.map(new Intl.NumberFormat(TAGS[language]).format),
];

test.each(LANGUAGES)("Node has the dates and numbers of %s", (language) => {
  const date = (options: object) =>
    new Intl.DateTimeFormat(TAGS[language], { ...options, timeZone: "UTC" }).format(
      Date.UTC(2026, 10, 23),
    );
  expect([
    date({ day: "numeric", month: "long" }),
    date({ day: "numeric", month: "long", year: "numeric" }),
    date({ weekday: "long", day: "numeric", month: "long" }),
    new Intl.NumberFormat(language).format(12345.6).replace(/\s/g, " "),
  ]).toEqual(EXAMPLES[language]);
});

test.each(LANGUAGES)("the page writes dates and numbers in %s as the language does", (language) => {
  const written = [
    ...OPTIONS.flatMap((options) =>
      DATES.map((date) => dateFormat(language, options).format(date)),
    ),
    ...NUMBERS.map((number) => numberFormat(language).format(number)),
  ];
  expect(written).toEqual(byIntl(language));
});

test("dates are those of the time zone that was asked for", () => {
  const options = { day: "numeric", month: "long", timeZone: "Asia/Almaty" } as const;
  expect(dateFormat("kk", options).format(Date.UTC(2026, 10, 30, 20))).toBe("1 желтоқсан");
});

describe.skipIf(withoutChromium)("in Chromium, which has no Kazakh data,", () => {
  let browser: Browser;
  let script: string;

  beforeAll(async () => {
    browser = await launchChromium();
    const entry = fileURLToPath(new URL("../../../companion/page/formats.ts", import.meta.url));
    const bundle = { bundle: true, format: "iife", globalName: "formats" } as const;
    const { outputFiles } = await build({ ...bundle, entryPoints: [entry], write: false });
    script = outputFiles[0]!.text;
  });
  afterAll(() => browser?.close());

  test.each(LANGUAGES)("the page writes them in %s the same", async (language) => {
    const page = await browser.newPage();
    const written = await page.evaluate(
      `(() => {
        ${script}
        const [language, options, dates, numbers] = ${JSON.stringify([language, OPTIONS, DATES, NUMBERS])};
        return [
          ...options.flatMap((each) => dates.map((date) => formats.dateFormat(language, each).format(date))),
          ...numbers.map((number) => formats.numberFormat(language).format(number)),
        ];
      })()`,
    );
    const plurals = `new Intl.PluralRules("${language}").resolvedOptions().pluralCategories.sort()`;
    expect(await page.evaluate(plurals)).toEqual(
      [...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort(),
    );
    await page.close();
    expect(written).toEqual(byIntl(language));
  });
});
