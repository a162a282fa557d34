import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SIGNALS } from "../protocol/signals.ts";

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const readme = read("README.md");
const COLOURS = ["red", "green", "blue"];
const NAMES = {
  on: "on",
  paused: "paused",
  exposure: "exposure",
  needsDesk: "needs a desk",
  lowBattery: "low battery",
} as const satisfies Record<keyof typeof SIGNALS, string>;

test("the README's table of signals says what the firmware shows", () => {
  const [, table = ""] = readme.split("<!-- signals:");
  const rows = Array.from(table.matchAll(/^\|(.*)\|$/gm), ([, row = ""]) =>
    row.split("|").map((cell) => cell.trim()),
  ).slice(2, 2 + Object.keys(SIGNALS).length);
  const expected = Object.entries(SIGNALS).map(([name, [colour, flashes, milliseconds]]) => [
    NAMES[name as keyof typeof SIGNALS],
    COLOURS[colour],
    String(flashes),
    `${milliseconds} ms`,
  ]);
  expect(rows.map((row) => row.slice(0, 4))).toEqual(expected);
});

test("the protocol's table of attacks names tests that there are", () => {
  const [, table = ""] = read("docs/sync-protocol.md").split("## Attacks that the tests try");
  const cells = Array.from(table.matchAll(/^\|.*\|([^|]+)\|$/gm), ([, cell = ""]) => cell.trim());
  const named = cells.slice(2).flatMap((cell) => cell.split("; "));
  expect(named.length).toBeGreaterThan(20);
  for (const each of named) {
    const [, name, path = "test/firmware/attacks.test.ts"] = /^(.*?)(?: \(`(.*)`\))?$/.exec(each)!;
    expect(read(path)).toContain(`test("${name}"`);
  }
});

test.each([
  ["en", /(?<=\b|\s|^)_([^_]+)_/g],
  ["ru", /«([^»]+)»/g],
] as const)(
  "the README's walk through the desk names what the screen says, in %s",
  (language, named) => {
    const [, walk = ""] = /### Try it([\s\S]*?)### Run one/.exec(readme)!;
    const [english = "", russian = ""] = walk.split("<details");
    const names = Array.from(
      (language === "en" ? english : russian).matchAll(named),
      ([, name]) => name,
    );
    const pages = ["shell", "visit", "test", "choices"].map((part) =>
      read(`companion/page/messages/${language}/${part}.json`),
    );
    const words = [
      ...pages.flatMap((page) => Object.values(JSON.parse(page) as Record<string, string>)),
      ...Array.from(
        read("simulator/desk-demo/panel/words.ts").matchAll(/: "([^"]+)"/g),
        ([, text]) => text,
      ),
    ];
    expect(names.length).toBeGreaterThan(9);
    expect(names.filter((name) => !words.includes(name))).toEqual([]);
  },
);
