/**
 * One token in virtual time, at a prompt or from a script: see `docs/token-shell.md`.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import { writeWhole } from "../../companion/cli/files.ts";
import { Failure } from "../../companion/failure.ts";
import type { BoardName } from "../../protocol/flash-layout.ts";
import { Bench } from "./bench.ts";
import { commandOf, completions } from "./commands/all.ts";
import type { Session } from "./commands/command.ts";
import { eventLine, isTold } from "./events.ts";
import { readImage } from "./image-file.ts";
import { counted, paintFor, stamp } from "./style.ts";
import { ShellError } from "./words.ts";

/** How to start it. */
export interface TokenShellOptions {
  readonly board: BoardName;
  /** Repeats a session exactly. */
  readonly seed: string;
  /** Keeps the flash from session to session. */
  readonly flash?: string;
  /** Commands, a line each; a terminal gets a prompt, history and completion. */
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

const LAST_LINES = 500;

/**
 * Runs the shell until its input ends or `quit`. On a terminal a command that fails says so and the next one is asked for; a
 * script ends there, with the number of its line.
 *
 * @returns the exit code: 0, or 1 when a script's command failed, or the flash could not be read or kept
 */
export async function runTokenShell(options: TokenShellOptions): Promise<number> {
  const { flash, output } = options;
  try {
    const session = await openSession(options);
    const code = isTerminal(options.input)
      ? await converse(session, options)
      : await follow(session, options);
    if (flash !== undefined) writeWhole(flash, session.bench.device.flash.bytes);
    return code;
  } catch (error) {
    output.write(`${sentenceOf(error)}\n`);
    return 1;
  }
}

async function openSession({ board, seed, flash, output }: TokenShellOptions): Promise<Session> {
  const paint = paintFor(output, process.env);
  const print = (line: string): void => {
    output.write(`${line}\n`);
  };
  const bench = await Bench.open({
    board,
    seed,
    image: flash !== undefined && existsSync(flash) ? readImage(flash, board) : undefined,
    tell: (event) => {
      if (isTold(event, session.events)) print(eventLine(event, paint));
    },
  });
  const interpreter = process.env["ESPRUINO"] || undefined;
  const session: Session = { bench, paint, print, interpreter, events: "on", hasQuit: false };
  bench.powerOn();
  return session;
}

/** At a terminal. */
async function converse(session: Session, { input, output, seed }: TokenShellOptions) {
  const { bench, print, paint } = session;
  const lines = createInterface({
    input,
    output,
    completer: (line: string) => completions(session, line),
    historySize: LAST_LINES,
    removeHistoryDuplicates: true,
  });
  let running: AbortController | undefined;
  lines.on("SIGINT", () => {
    if (running) {
      running.abort();
      return;
    }
    // As shells do: the line is forgotten.
    output.write("^C\n");
    lines.write(null, { ctrl: true, name: "e" });
    lines.write(null, { ctrl: true, name: "u" });
    ask(session, lines);
  });
  const size = counted(bench.firmware.length, "byte");
  print(`A ${bench.board} with the release bundle (${size}), seed ${seed}. Time is virtual.`);
  print("Type help for what can be done, and quit to leave; first of all: desk enrol.");
  ask(session, lines);
  for await (const line of lines) {
    running = new AbortController();
    try {
      await execute(session, line, running.signal);
    } catch (error) {
      print(paint("red", sentenceOf(error)));
    }
    running = undefined;
    if (session.hasQuit) break;
    ask(session, lines);
  }
  lines.close();
  if (!session.hasQuit) print("");
  return 0;
}

function ask({ bench, paint }: Session, lines: Interface): void {
  lines.setPrompt(`${paint("bold", promptOf(bench))} `);
  lines.prompt();
}

/** From a script, whose lines are shown with what they do. */
async function follow(session: Session, { input, output }: TokenShellOptions): Promise<number> {
  const { bench, print, paint } = session;
  const stop = new AbortController();
  // Whoever reads, such as `head`, has had enough.
  output.on("error", () => {
    session.hasQuit = true;
    stop.abort();
  });
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (!line.trim()) continue;
    print(paint("bold", `${promptOf(bench)} ${line.trim()}`));
    try {
      await execute(session, line, stop.signal);
    } catch (error) {
      print(paint("red", `Line ${number}: ${sentenceOf(error)}`));
      return 1;
    }
    if (session.hasQuit) break;
  }
  return 0;
}

async function execute(session: Session, line: string, stop: AbortSignal): Promise<void> {
  const [name, ...words] = line
    .replace(/(^|\s)#.*/, "")
    .trim()
    .split(/\s+/);
  if (!name) return;
  session.bench.stop = stop;
  try {
    await commandOf(name).run(session, words);
  } finally {
    session.bench.observer.flush();
  }
}

const promptOf = (bench: Bench): string => `${stamp(bench.world.now).slice(0, 14)}>`;

const isTerminal = (input: NodeJS.ReadableStream): boolean =>
  (input as { isTTY?: boolean }).isTTY === true;

function sentenceOf(error: unknown): string {
  if (error instanceof ShellError || error instanceof Failure) return error.message;
  return `The firmware or its board failed: ${(error as Error).message}`;
}
