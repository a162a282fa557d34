import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  type HourlyLimits,
  LOOK_UP_LIMITS,
  PUBLISH_LIMITS,
  VERIFY_LIMITS,
} from "../../server/attempt-limit.ts";
import { KEY_KINDS } from "../../server/key-versions.ts";

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const docs = read("docs/server.md");
const main = read("server/main.ts");

/** The cells of a table's rows, its head left out. */
function tableBelow(heading: string): string[][] {
  const [, section = ""] = docs.split(`\n## ${heading}\n`);
  const [table = ""] = /^\|.*\|\n(\|.*\|\n)+/m.exec(section.split("\n## ")[0]!) ?? [];
  const rows = table.trim().split("\n").slice(2);
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

test("the page on the server lists every option with its environment variable", () => {
  const options = Array.from(main.matchAll(/"(--[a-z-]+)[ "]/g), ([, option]) => option);
  const variables = Array.from(main.matchAll(/\.env\("(\w+)"\)/g), ([, variable]) => variable);
  expect(options.length).toBeGreaterThan(5);
  const listed = tableBelow("Run it").map(([option, variable]) => [option, variable]);
  expect(listed).toEqual(options.map((option, i) => [`\`${option}\``, `\`${variables[i]}\``]));
});

test("the unit sets only variables that there are", () => {
  const set = read("server/saqbol-server.service").matchAll(/^Environment=(\w+)=/gm);
  const names = Array.from(set, ([, name]) => name!);
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) expect(main).toContain(`"${name}"`);
});

test("the page's table of limits has the server's numbers", () => {
  const hourly = ({ address, failedByAddress, code }: HourlyLimits) =>
    [address, failedByAddress, code].filter((limit) => limit !== undefined);
  const limits = [LOOK_UP_LIMITS, VERIFY_LIMITS, PUBLISH_LIMITS].flatMap(hourly);
  const told = tableBelow("Limits").map(([, limit]) => limit);
  expect(told).toEqual(["120 a minute", ...limits.map((limit) => `${limit} an hour`)]);
});

test("the page names every kind of key and its file", () => {
  const rows = tableBelow("Keys and their rotation").map(([kind, file]) => [kind, file]);
  const text = rows.flat().join(" ");
  for (const [kind, { file }] of Object.entries(KEY_KINDS)) {
    expect(text).toContain(`\`${kind}\``);
    expect(text).toContain(`\`${file}\``);
  }
});
