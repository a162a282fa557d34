import { Readable, Writable } from "node:stream";
import type { BoardName } from "../../../protocol/flash-layout.ts";
import { runTokenShell } from "../../../simulator/token-shell/shell.ts";

/** What a script has come to. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  /** What was printed behind the `nth` line that runs `command`, up to the next command. */
  printed(command: string, nth?: number): string;
}

/** Runs commands through a pipe. */
export async function runScript(
  commands: readonly string[],
  { board = "puckjs", flash }: { board?: BoardName; flash?: string } = {},
): Promise<Outcome> {
  let output = "";
  const code = await runTokenShell({
    board,
    seed: "test",
    ...(flash !== undefined && { flash }),
    input: Readable.from(commands.map((command) => `${command}\n`)),
    output: new Writable({
      write: (chunk, _encoding, done) => {
        output += chunk;
        done();
      },
    }),
  });
  const parts = output.split(/^(?=\d\d-\d\d \d\d:\d\d:\d\d> )/m).map((part) => {
    const [first = "", ...rest] = part.split("\n");
    return { command: first.slice("06-02 08:00:00> ".length), printed: rest.join("\n") };
  });
  return {
    code,
    output,
    printed: (command, nth = 0) => {
      const found = parts.filter((part) => part.command === command)[nth];
      if (!found) throw new Error(`The script did not come to "${command}":\n${output}`);
      return found.printed;
    },
  };
}
