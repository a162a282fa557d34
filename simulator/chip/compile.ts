/**
 * Compiles the emulator into dist/chip, when its sources are newer than what is there.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url)).replace(
  /dist\/simulator\/chip\/$/,
  "simulator/chip/",
);
const SOURCES = join(HERE, "emulator");
const BUILT = join(HERE, "../../dist/chip");
const PROGRAM = join(BUILT, "chip");

/**
 * The emulator's path.
 *
 * @param unicorn - the folder of the Python package, which has the library and its headers
 * @throws Error when there is no compiler
 */
export function compileEmulator(unicorn: string): string {
  const sources = readdirSync(SOURCES).map((name) => join(SOURCES, name));
  const newest = Math.max(...sources.map((path) => statSync(path).mtimeMs));
  if (existsSync(PROGRAM) && statSync(PROGRAM).mtimeMs > newest) return PROGRAM;
  mkdirSync(BUILT, { recursive: true });
  // Others may do the same at the same time.
  const own = `${PROGRAM}-${process.pid}`;
  execFileSync(
    process.env["CC"] || "cc",
    [
      ..."-std=c11 -O2 -Wall -Wextra -o".split(" "),
      own,
      `-I${join(unicorn, "include")}`,
      ...sources.filter((path) => path.endsWith(".c")),
      join(unicorn, "lib/libunicorn.a"),
      "-lm",
      "-lpthread",
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  renameSync(own, PROGRAM);
  return PROGRAM;
}
