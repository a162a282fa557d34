import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A call that the double recorded, with its argument. */
export type Recorded = readonly [call: string, argument?: unknown];

/**
 * Runs the double, then `script`, on the interpreter that `ESPRUINO` names, in a folder of its own.
 *
 * @param storage - what Storage holds at the start
 * @returns what each `report()` printed
 */
export async function runOnEspruino(script: string, storage: Uint8Array): Promise<Recorded[][]> {
  const folder = mkdtempSync(join(tmpdir(), "saqbol-espruino-"));
  try {
    const flash = new Uint8Array(256 * 1024).fill(0xff);
    flash.set(storage);
    writeFileSync(join(folder, "espruino.flash"), flash);
    const double = readFileSync(new URL("./double.js", import.meta.url), "utf8");
    writeFileSync(join(folder, "run.js"), `${double}\n${script}\n`);
    const output = await new Promise<string>((resolve, reject) => {
      const interpreter = process.env["ESPRUINO"] as string;
      const options = { cwd: folder, timeout: 60_000, maxBuffer: 64 << 20 };
      execFile(interpreter, ["run.js"], options, (error, stdout, stderr) => {
        const text = `${stdout}${stderr}`;
        if (error || /Uncaught|ERROR/.test(text)) reject(new Error(`Espruino: ${text}`));
        else resolve(text);
      });
    });
    return Array.from(output.matchAll(/^RECORDED (.*?)\r?$/gm), (match) =>
      JSON.parse(match[1] as string),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
