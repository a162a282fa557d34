/**
 * Makes functions of boot code, once for all boards that run the same.
 *
 * @module
 */
import { untokenise } from "./tokens.ts";

/** Boot code; takes the values of its globals in the order of their names. */
export type Script = (...globals: unknown[]) => void;

// Globals are parameters, by position: the same code on a board with others is another function.
const compiled = new Map<string, Script>();

/** Makes a function of boot code as Storage has it, with globals of these names. */
export function compile(code: string, names: readonly string[]): Script {
  const key = `${names}\n${code}`;
  let script = compiled.get(key);
  if (!script) {
    // Strict, so that assigning to an undeclared name fails instead of leaking to the host.
    script = new Function(...names, `"use strict";${untokenise(code)}`) as Script;
    compiled.set(key, script);
  }
  return script;
}
