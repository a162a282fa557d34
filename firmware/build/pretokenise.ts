/**
 * Turns Espruino's reserved words into single bytes, which saves flash and time on the token. EspruinoTools
 * does the work; its plugin expects to be loaded by a program that has its globals.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";
import * as acorn from "acorn";

const PLUGIN = createRequire(import.meta.url).resolve("espruino/plugins/pretokenise.js");

interface Tools {
  Plugins: { Pretokenise?: { tokenise(script: string): string } };
  Config: object;
  Core: object;
}

const Espruino: Tools = {
  Plugins: {},
  Config: { PRETOKENISE: 1 },
  Core: {
    // Strings become tokens from this version on, and stay in flash; small numbers would grow.
    Env: { getBoardData: () => ({ VERSION: "2v21" }) },
    Utils: { atob: (text: string) => Buffer.from(text, "base64").toString("latin1") },
  },
};
runInNewContext(readFileSync(PLUGIN, "utf8"), { Espruino, acorn });

/** Tokenises a script; the result has one byte for each character. */
export function pretokenise(script: string): string {
  const plugin = Espruino.Plugins.Pretokenise;
  if (!plugin) throw new Error("EspruinoTools' pretokeniser did not load");
  // It drops the space that keeps two signs apart.
  const [signs] = /.{0,30}(\+ \+|- -).{0,30}/.exec(script) ?? [];
  if (signs) throw new Error(`The pretokeniser cannot take two signs in a row: ${signs}`);
  return plugin.tokenise(script);
}
