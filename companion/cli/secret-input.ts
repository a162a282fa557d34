/**
 * Secrets that a user hands over: from a file, from standard input, or typed at the terminal without being shown. Never as
 * arguments, which everyone on the computer can see.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Failure } from "../failure.ts";
import { askHidden } from "./terminal.ts";

let lines: AsyncIterator<string> | undefined;

/** Where a secret comes from, and how to ask for it. */
export interface SecretSource {
  /** A file, whose first line it is; `-` for the next line of standard input; undefined to ask at the terminal. */
  readonly source: string | undefined;
  /** What to ask. */
  readonly question: string;
  /** What to do when there is none, to end a sentence with. */
  readonly remedy: string;
}

/**
 * Reads one secret.
 *
 * @throws Failure `input-missing`, `input-unreadable`; neither repeats what was given
 */
export async function readSecret({ source, question, remedy }: SecretSource): Promise<string> {
  if (source !== undefined && source !== "-") return firstLineOf(source, remedy);
  // A terminal would show what is typed, if it were read like a file.
  if (process.stdin.isTTY) return (await askHidden(`${question}: `)).trim();
  if (source === "-") {
    lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const next = await lines.next();
    if (!next.done) return next.value.trim();
  }
  const what = source === "-" ? "nothing is on standard input" : "there is no terminal to ask at";
  throw new Failure("input-missing", `${question}: ${what}; ${remedy}.`);
}

function firstLineOf(path: string, remedy: string): string {
  try {
    return (readFileSync(path, "utf8").split("\n")[0] as string).trim();
  } catch {
    // Perhaps it was the secret itself, by mistake.
    throw new Failure("input-unreadable", `A file that was named cannot be read; ${remedy}.`);
  }
}
