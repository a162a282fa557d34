/**
 * Runs the firmware bundle on the real Espruino interpreter, booted from a flash image like a board, with
 * a double for what a Puck.js has and the interpreter's Linux build has not.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeStorageFile } from "../../companion/provisioning/storage-image.ts";
import { endOfStorage } from "../espruino/storage.ts";

/** A call that the double recorded, with its argument. */
export type Recorded = readonly [call: string, argument?: unknown];

// With a file to run, the interpreter runs .boot0 by itself but not .bootcde, and ends after it. All code
// stays in flash, as on a board, and takes no variables.
const MAIN = 'eval(require("Storage").read(".bootcde"));eval(require("Storage").read("script"));';

/** The Linux build's flash: 256 kB. */
const FLASH_BYTES = 256 * 1024;
const TIMEOUT_MILLISECONDS = 600_000;
const MESSAGE_MILLISECONDS = 300;
const DOUBLE = fileURLToPath(import.meta.url).replace(
  /(dist\/)?simulator\/interpreter\/run\.[jt]s$/,
  "simulator/interpreter/double.js",
);

/**
 * Boots the interpreter that `command` names and runs `script` once the boot code has run.
 *
 * @param command - the interpreter, with the words before it that start it (such as valgrind)
 * @param storage - what Storage holds: the token's region and the bundle
 * @returns what was printed by `report()`, each call's recorded calls in turn, and all output
 */
export async function runOnEspruino(
  command: readonly string[],
  storage: Uint8Array,
  script: string,
): Promise<{ reports: Recorded[][]; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "saqbol-espruino-"));
  let interpreter: ChildProcess | undefined;
  try {
    writeFileSync(join(folder, "espruino.flash"), flashWith(storage, script));
    const output = await new Promise<string>((resolve, reject) => {
      writeFileSync(join(folder, "main.js"), MAIN);
      const child = spawn(command[0] as string, [...command.slice(1), "main.js"], { cwd: folder });
      interpreter = child;
      let text = "";
      let failing = false;
      const timer = setTimeout(() => end(new Error("took too long")), TIMEOUT_MILLISECONDS);
      function end(error?: Error): void {
        clearTimeout(timer);
        const clean = text.replaceAll("\xff", "").slice(0, 5000);
        if (error) reject(new Error(`Espruino ${error.message}: ${clean}`));
        else resolve(text);
      }
      child.on("error", end);
      child.on("close", () => end(/^FINISHED/m.test(text) ? undefined : new Error("stopped")));
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("latin1").on("data", (chunk: string) => {
          text += chunk;
          if (!/Uncaught|ERROR|LOW_MEMORY/.test(text) || failing) return;
          failing = true;
          // What it has to say about it comes in pieces.
          setTimeout(() => end(new Error("failed")), MESSAGE_MILLISECONDS);
        });
      }
    });
    const reports = Array.from(output.matchAll(/RECORDED (\[.*\])/g), (match) =>
      JSON.parse(match[1] as string),
    );
    return { reports, output };
  } finally {
    // After a failure it may still be there, and ignores gentler signals.
    interpreter?.kill("SIGKILL");
    rmSync(folder, { recursive: true, maxRetries: 3 });
  }
}

// The double boots before the bundle, the script runs after it.
function flashWith(storage: Uint8Array, script: string): Uint8Array {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  flash.set(storage);
  const double = readFileSync(DOUBLE, "latin1").replace(/^\s*\/\/.*$/gm, "");
  const files = {
    ".boot0": double,
    script: `(function () { ${script}\nprint("FINISHED"); })();`,
  };
  let at = endOfStorage(flash);
  for (const [name, code] of Object.entries(files)) at = writeStorageFile(flash, at, name, code);
  return flash;
}
