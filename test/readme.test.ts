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
