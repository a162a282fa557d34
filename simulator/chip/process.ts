/**
 * The emulator as a child process: a command a line, answered by events and one last line, all in JSON.
 *
 * @module
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { ChipEvent, ChipState } from "./events.ts";

interface Waiting {
  readonly resolve: (state: ChipState) => void;
  readonly reject: (error: Error) => void;
}

/** See the module's description. */
export class EmulatorProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: Waiting[] = [];
  readonly #exited: Promise<void>;
  #hasEnded = false;

  /** @param onEvent - is given the events, in turn */
  constructor(program: string, words: readonly string[], onEvent: (event: ChipEvent) => void) {
    this.#child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const event = JSON.parse(line) as ChipEvent | ChipState;
      if (event.event === "done") this.#waiting.shift()?.resolve(event as ChipState);
      else onEvent(event as ChipEvent);
    });
    this.#child.stdin.on("error", () => {});
    this.#exited = new Promise((resolve) => {
      this.#child.on("close", () => {
        this.#hasEnded = true;
        for (const { reject } of this.#waiting.splice(0)) reject(ended());
        resolve();
      });
    });
  }

  /** How many commands are not answered yet. */
  get busy(): number {
    return this.#waiting.length;
  }

  /** Gives a command; they are obeyed in turn. */
  command(line: string): Promise<ChipState> {
    return new Promise((resolve, reject) => {
      if (this.#hasEnded) return reject(ended());
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${line}\n`);
    });
  }

  /** Ends the process. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#exited;
  }
}

function ended(): Error {
  return new Error("The emulator has ended");
}
