/**
 * Secrets that a user hands over: from a file, from standard input, or typed at the terminal without being shown. Never as
 * arguments, which everyone on the computer can see.
 *
 * @module
 */
import { createInterface } from "node:readline";
import { Failure } from "../failure.ts";
import { readInput } from "./files.ts";
import { askHidden, canAsk } from "./terminal.ts";

let lines: AsyncIterator<string> | undefined;

/**
 * Reads one secret.
 *
 * @param source - a file, whose first line it is; `-` for the next line of standard input; undefined to ask at the terminal
 * @param question - what to ask
 * @param option - what would name a source
 * @throws Failure `input-missing`, `file-unreadable`
 */
export async function readSecret(
  source: string | undefined,
  question: string,
  option: string,
): Promise<string> {
  if (source !== undefined && source !== "-") {
    const [line = ""] = Buffer.from(readInput(source)).toString("utf8").split("\n");
    return line.trim();
  }
  if (canAsk()) return (await askHidden(`${question}: `)).trim();
  if (source === "-") {
    lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const next = await lines.next();
    if (!next.done) return next.value.trim();
  }
  throw new Failure(
    "input-missing",
    `There is no terminal to ask at and nothing on standard input; give ${option} a file, or - and a line on standard input.`,
  );
}
