import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FileCheck } from "./check-file.ts";

/** The most that checking a file may take on top of Node's own memory, in millions of bytes. */
export const MEMORY_LIMIT = 150;

/** The built scripts, also when a test runs this from its source. */
const BUILT = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/simulator/export-bench/" : ".",
  import.meta.url,
);

/** Checks files in a new process. */
export function checkFiles(pem: string, files: readonly string[]): FileCheck {
  return JSON.parse(run([fileURLToPath(new URL("check-file.js", BUILT)), pem, ...files]));
}

/** What a process has taken at most on top of a Node that does nothing, in millions of bytes. */
export function onTopOfNode(check: FileCheck): number {
  const peakMemory = JSON.stringify(new URL("peak-memory.js", BUILT));
  const nothing = `import(${peakMemory}).then((it) => console.log(it.peakMemory()))`;
  return (check.peakMemory - Number(run(["-e", nothing]))) / 1e6;
}

function run(args: readonly string[]): string {
  return execFileSync(process.execPath, args, { encoding: "utf8" });
}
