/**
 * What a person types at the terminal, and progress that a person watches there. Questions go to standard error, so
 * that output can be piped.
 *
 * @module
 */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Failure } from "../failure.ts";

/** Whether somebody can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Says something to a person, if there is one to read it. */
export function tell(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${words}\n`);
}

/** Asks a question that is answered with yes or no; no unless the answer is yes. @throws Failure `cancelled` */
export async function confirm(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `, false)).trim());
}

/** Asks for something that is not shown while it is typed. @throws Failure `cancelled` */
export async function askHidden(question: string): Promise<string> {
  try {
    return await ask(question, true);
  } finally {
    process.stderr.write("\n");
  }
}

function ask(question: string, hidden: boolean): Promise<string> {
  let silent = false;
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      if (!silent) process.stderr.write(chunk);
      done();
    },
  });
  // Once it is there, the terminal itself shows nothing any more.
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  return new Promise((resolve, reject) => {
    lines.on("close", () => {
      reject(new Failure("cancelled", "Nothing was done, because nothing was answered."));
    });
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
    silent = hidden;
  });
}

/**
 * Makes a line of progress, which is shown only to a person.
 *
 * @param quiet - never show it
 * @returns shows how much is done; the line ends when all is
 */
export function createProgress(
  label: string,
  quiet: boolean,
): (done: number, total: number) => void {
  let shown = -1;
  return (done, total) => {
    const percent = Math.floor((100 * done) / total);
    if (quiet || !process.stderr.isTTY || percent === shown) return;
    shown = percent;
    process.stderr.write(`\r${label}: ${percent} %${done === total ? "\n" : ""}`);
  };
}
