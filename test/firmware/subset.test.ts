import { expect, test } from "vitest";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { checkSubset } from "../../firmware/build/subset.ts";

test.each([
  ["labels", "a: for (;;) { break a; }", /no labels/],
  ["computed keys", "const k = 1; const o = { [k]: 2 };", /no computed keys/],
  [
    "default before case",
    "switch (1) { default: break; case 1: break; }",
    /default to be the last/,
  ],
  ["Math.trunc", "Math.trunc(1.5);", /no \.trunc/],
  ["Array.prototype.at", "const a = 1; a.at(0);", /no \.at/],
  ["Map", "new Map();", /does not know Map/],
  ["process", "process.exit();", /does not know process/],
])("%s are refused", (_, script, message) => {
  expect(() => checkSubset(script)).toThrow(message);
});

test("what Espruino knows is let through", () => {
  checkSubset(`
    const a = (b) => { try { return { b, c: b.length, set: 1 }; } catch { return undefined; } };
    switch (a(1)) { case 1: break; default: NRF.wake(); }
    for (const x of [1]) Math.floor(x);`);
});

test("the bundle is ASCII, one expression, and names every platform call in full", async () => {
  const script = await buildFirmware("puckjs");
  expect(script).toMatch(/^[\x20-\x7e\n]*$/);
  expect(script).toMatch(/^\(function\(\)\{.*\}\)\(\);$/s);
  for (const name of ["setAdvertising", "connectable", "serviceData", "fd6f", "erasePage"]) {
    expect(script).toContain(name);
  }
});
