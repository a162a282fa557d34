/**
 * Runs the firmware bundle on the real Espruino interpreter, booted from a flash image like a board, with
 * a double for what a Puck.js has and the interpreter's Linux build has not.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeStorageFile } from "../../companion/provisioning/storage-image.ts";
import { endOfStorage } from "../espruino/storage.ts";

/** A call that the double recorded, with its argument (null without one) and the token's time in Unix seconds. */
export type Recorded = readonly [call: string, argument: unknown, time: number];

// With a file to run, the interpreter runs .boot0 by itself but not .bootcde, and ends after it. All code
// stays in flash, as on a board, and takes no variables.
const MAIN = 'eval(require("Storage").read(".bootcde"));eval(require("Storage").read("script"));';

/**
 * Source: takes the battery out and puts it in again, so that the code in flash runs anew. To stand outside all functions: a
 * function made in more than one scope takes three variables more than on a board.
 */
export const BOOT = 'powerOff(); eval(require("Storage").read(".bootcde"));';

/** The Linux build's flash: 256 kB. */
const FLASH_BYTES = 256 * 1024;
/** A simulated week takes a minute, and merging pages under valgrind two. */
const TIMEOUT_MILLISECONDS = 600_000;
/** Native cryptography that finds no room says so; the firmware then puts memory in order and asks again. */
const FAILURE = /(Uncaught|ERROR(?!: Not enough memory for result)|MEMORY)[^\n]*\n/;
/** What the interpreter has to say about a failure comes in pieces, and then it may go on for ever. */
const MESSAGE_MILLISECONDS = 300;
/** How much is told of the output before a failure, and from there on. */
const BEFORE_FAILURE = 500;
const AFTER_FAILURE = 3000;
const DOUBLE = fileURLToPath(import.meta.url).replace(
  /(dist\/)?simulator\/interpreter\/run\.[jt]s$/,
  "simulator/interpreter/double.js",
);

/**
 * Boots the interpreter that `command` names and runs `script` once the boot code has run. The bundle's names are globals
 * of one or two letters; the script's own must be longer.
 *
 * @param command - the interpreter, with the words before it that start it (such as valgrind)
 * @param storage - what Storage holds: the token's region and the bundle
 * @returns the calls recorded before each `report()`, and all output
 * @throws Error with what the interpreter said when the script failed
 */
export async function runOnEspruino(
  command: readonly string[],
  storage: Uint8Array,
  script: string,
): Promise<{ reports: Recorded[][]; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "saqbol-espruino-"));
  try {
    writeFileSync(join(folder, "espruino.flash"), flashWith(storage, script));
    writeFileSync(join(folder, "main.js"), MAIN);
    const output = await outputOf(command, folder);
    return { reports: reportsIn(output), output };
  } finally {
    rmSync(folder, { recursive: true, maxRetries: 3 });
  }
}

function outputOf(command: readonly string[], folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0] as string, [...command.slice(1), "main.js"], { cwd: folder });
    // It ignores gentler signals, and must not outlive whoever started it.
    const kill = (): boolean => child.kill("SIGKILL");
    process.once("exit", kill);
    let text = "";
    let failedAt = -1;
    let timer = setTimeout(() => end("took too long"), TIMEOUT_MILLISECONDS);
    function end(problem?: string): void {
      clearTimeout(timer);
      process.off("exit", kill);
      kill();
      if (!problem) {
        resolve(text);
        return;
      }
      const at = failedAt < 0 ? text.length : failedAt;
      const told = text.slice(Math.max(0, at - BEFORE_FAILURE), at + AFTER_FAILURE);
      reject(new Error(`Espruino ${problem}: ${told.replaceAll("\xff", "")}`));
    }
    child.on("error", (error) => end(error.message));
    child.on("close", () => {
      if (failedAt >= 0) end("failed");
      else end(/^FINISHED/m.test(text) ? undefined : "stopped");
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("latin1").on("data", (chunk: string) => {
        // A line may come in pieces.
        const from = text.lastIndexOf("\n") + 1;
        text += chunk;
        const found = failedAt < 0 ? text.slice(from).search(FAILURE) : -1;
        if (found < 0) return;
        failedAt = from + found;
        clearTimeout(timer);
        timer = setTimeout(() => end("failed"), MESSAGE_MILLISECONDS);
      });
    }
  });
}

function reportsIn(output: string): Recorded[][] {
  const reports: Recorded[][] = [];
  let calls: Recorded[] = [];
  for (const [, call] of output.matchAll(/CALL (\[.*\])|REPORT/g)) {
    if (call) {
      calls.push(JSON.parse(call));
    } else {
      reports.push(calls);
      calls = [];
    }
  }
  return reports;
}

// The double boots before the bundle, the script runs after it.
function flashWith(storage: Uint8Array, script: string): Uint8Array {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  flash.set(storage);
  const double = readFileSync(DOUBLE, "latin1").replace(/^\s*\/\/.*$/gm, "");
  const files = {
    ".boot0": double,
    script: `${script}\nprint("FINISHED");`,
  };
  let at = endOfStorage(flash);
  for (const [name, code] of Object.entries(files)) at = writeStorageFile(flash, at, name, code);
  return flash;
}
