import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildFirmware, buildScript } from "../../firmware/build/bundle.ts";
import { checkSubset } from "../../firmware/build/subset.ts";
import { untokenise } from "../../simulator/espruino/tokens.ts";

const check = (script: string): void => checkSubset(script, (line) => `source.ts:${line}`);

test.each([
  ["labels", "a: for (;;) { break a; }", /no labels/],
  ["computed keys", "const k = 1; const o = { [k]: 2 };", /no computed keys/],
  ["tagged templates", "const t = () => 1; t`x`;", /no tagged templates/],
  [
    "default before case",
    "switch (1) { default: break; case 1: break; }",
    /default to be the last/,
  ],
  ["Math.trunc", "Math.trunc(1.5);", /no \.trunc/],
  ["Array.prototype.at", "const a = 1; a.at(0);", /no \.at/],
  ["Map", "new Map();", /does not know Map/],
  ["process", "process.exit();", /does not know process/],
  [
    "a global that is a local elsewhere",
    "(() => { const Map = 1; return Map; })(); Map;",
    /know Map/,
  ],
  ["calls above the declaration", "f(); function f() {}", /does not hoist/],
  ["the same in a function", "(() => { f(); function f() {} })();", /does not hoist/],
  ["uses above the declaration", "const g = f; function f() {}", /does not hoist/],
  ["functions over let of for", "for (let i = 0; i < 3; i++) setTimeout(() => i, 1);", /loop's/],
  ["functions over const of for-of", "for (const x of [1]) setTimeout(() => x, 1);", /loop's/],
  ["functions over for-in", "for (const x in {}) setTimeout(() => x, 1);", /loop's/],
  ["a var below its use", "(function () { a = 1; return a; var a; })();", /hoist var/],
  ["extends Error", "class Mine extends Error {}", /cannot extend Error/],
  [
    "super.method()",
    "class A { m() {} } class B extends A { m() { super.m(); } } new B();",
    /super\.method/,
  ],
  ["setting length", "const a = [1]; a.length = 0;", /length be set/],
  ["slices of typed arrays", "const a = new Uint8Array(2); a.slice(1);", /use subarray/],
  ["typed arrays without length", "new Uint8Array();", /wants a length/],
  ["regular expressions that look ahead", 'const r = /a(?=b)/; "a".match(r);', /lookahead/],
  ["arguments in an arrow", "(() => arguments)();", /arguments of its own/],
  ["of as a name", "const of = 1; of;", /of for a keyword/],
])("%s: refused", (_, script, message) => {
  expect(() => check(script)).toThrow(message);
});

test("a refusal names the line", () => {
  expect(() => check("const a = 1;\n\nMath.imul(a, a);")).toThrow(/^source\.ts:3: .*Math\.imul/);
});

test.each([
  ["esbuild refuses", "export const f = (a = 1) => a;", /Default.*|default/],
  [
    "only the check refuses",
    "export const f = (a: number) => Math.imul(a, a);\nf(1);",
    /has no \.imul/,
  ],
])("the build names file and line of what %s", async (_, source, message) => {
  const folder = mkdtempSync(join(tmpdir(), "saqbol-subset-"));
  try {
    writeFileSync(join(folder, "bad.ts"), `const a = 1;\n\n${source}\n`);
    writeFileSync(join(folder, "entry.ts"), 'import { f } from "./bad.ts";\nMath.floor(f(2));\n');
    const failure = await buildScript(join(folder, "entry.ts"), join(folder, "bad.ts")).catch(
      (error: Error) => error.message,
    );
    expect(failure).toMatch(/bad\.ts:3/);
    expect(failure).toMatch(message);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what Espruino knows is let through", () => {
  check(`
    const a = (b) => { try { return { b, c: b.length, set: 1 }; } catch { return undefined; } };
    switch (a(1)) { case 1: break; default: NRF.wake(); }
    for (const x of [1]) Math.floor(x);
    for (const x of [1]) { const y = x; setTimeout(() => y, 1); }
    function later() { return below(); }
    function below() { return later; }
    below();`);
});

test("the bundle names every platform call in full", async () => {
  const script = untokenise(await buildFirmware("puckjs"));
  expect(script).toMatch(/^[\x20-\x7e\n]*$/);
  expect(() => new Function(script)).not.toThrow();
  for (const name of ["setAdvertising", "connectable", "#onblescan", "erasePage"]) {
    expect(script).toContain(name);
  }
});
