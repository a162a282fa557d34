/**
 * @module
 */
import { readFileSync } from "node:fs";
import { builtDirectory } from "../../companion/built-directory.ts";

/** The program that writes the page, and its version. */
export function program(): string {
  // The package's root is above what is built.
  const { name, version } = JSON.parse(readFileSync(`${builtDirectory("..")}package.json`, "utf8"));
  return `${name} ${version}`;
}
