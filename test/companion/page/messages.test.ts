import { describe, expect, test } from "vitest";
import { LANGUAGES } from "../../../companion/languages.ts";
import { usedKeys } from "../../support/message-keys.ts";
import { partsOf } from "../../support/message-parts.ts";
import { messagesIn } from "../../support/page-messages.ts";
import { endingOf, wordProblems } from "../../support/word-checks.ts";

/** Messages that are the same in Kazakh and in Russian. */
const ALIKE: readonly string[] = ["visit.tokenTitle"];

/** All messages of a language by `part.name`. */
const all = (language: (typeof LANGUAGES)[number]): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(messagesIn(language)).flatMap(([part, messages]) =>
      Object.entries(messages).map(([name, message]) => [`${part}.${name}`, message] as const),
    ),
  );

const messages = { kk: all("kk"), ru: all("ru"), en: all("en") };
const keys = [...messages.en.keys()];

/** What is not right, by key. */
const wrong = (
  problemsOf: (key: string) => readonly string[],
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    keys.map((key) => [key, [...problemsOf(key)]] as const).filter(([, found]) => found.length > 0),
  );

test.each(LANGUAGES)("every message is there in %s", (language) => {
  expect([...messages[language].keys()].sort()).toEqual([...keys].sort());
  const empty = [...messages[language]].filter(([, message]) => message.trim() === "");
  expect(empty).toEqual([]);
});

describe("the page and its messages fit", () => {
  const { exact, patterns } = usedKeys(Object.keys(messagesIn("en")));

  test("every message that is used is there", () => {
    expect([...exact].filter((key) => !keys.includes(key))).toEqual([]);
    const matchNothing = [...patterns].filter(([, rule]) => !keys.some((key) => rule.test(key)));
    expect(matchNothing.map(([pattern]) => pattern)).toEqual([]);
  });

  test("every message is used", () => {
    const unused = keys.filter(
      (key) => !exact.has(key) && ![...patterns.values()].some((rule) => rule.test(key)),
    );
    expect(unused).toEqual([]);
  });
});

describe.each(LANGUAGES)("every message in %s", (language) => {
  const message = (key: string) => messages[language].get(key)!;
  const parts = (key: string) => partsOf(language, message(key));

  test("is an ICU message with the same arguments as in English", () => {
    const found = wrong((key) => {
      const [own, english] = [parts(key), partsOf("en", messages.en.get(key)!)];
      const differ = (a: object, b: object) =>
        JSON.stringify(sorted(a)) !== JSON.stringify(sorted(b));
      return [
        ...(differ(own.arguments, english.arguments) ? ["other arguments"] : []),
        ...(differ(own.selects, english.selects) ? ["other choices"] : []),
      ];
    });
    expect(found).toEqual({});
  });

  test("has the plural forms of the language", () => {
    const found = wrong((key) =>
      parts(key)
        .plurals.filter(({ has, needs }) => has.join() !== needs.join())
        .map(({ has, needs }) => `has ${has.join()}, but needs ${needs.join()}`),
    );
    expect(found).toEqual({});
  });

  test("is written in that language alone, and cleanly", () => {
    const found = wrong((key) => [
      ...new Set(parts(key).readings.flatMap((reading) => wordProblems(language, reading))),
    ]);
    expect(found).toEqual({});
  });

  test("ends as it does in English", () => {
    const endings = (key: string, of: (typeof LANGUAGES)[number]) =>
      new Set(partsOf(of, messages[of].get(key)!).readings.map(endingOf));
    const found = wrong((key) => {
      const [own, english] = [endings(key, language), endings(key, "en")];
      return [...own].sort().join("") === [...english].sort().join("")
        ? []
        : [`ends in "${[...own].join("")}", in English in "${[...english].join("")}"`];
    });
    expect(found).toEqual({});
  });
});

test("no message in Kazakh is the Russian one", () => {
  const alike = keys.filter((key) => {
    const readings = partsOf("kk", messages.kk.get(key)!).readings.join("");
    return /\p{L}/u.test(readings) && messages.kk.get(key) === messages.ru.get(key);
  });
  expect(alike).toEqual(ALIKE);
});

function sorted(object: object): [string, unknown][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}
