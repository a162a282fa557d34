/**
 * All commands, and how they are found by what was typed.
 *
 * @module
 */
import { ShellError } from "../words.ts";
import type { Command, Session } from "./command.ts";
import { desk } from "./desk.ts";
import { flash, load, save } from "./flash.ts";
import { battery, drift, power } from "./hardware.ts";
import { air, state } from "./look.ts";
import { memory } from "./memory.ts";
import { neighbour } from "./neighbour.ts";
import { events, press, run, until } from "./time.ts";

const help: Command = {
  name: "help",
  short: ["h", "?"],
  usage: ["help [COMMAND]"],
  summary: "what there is, or more about a command",
  next: () => COMMANDS.map(({ name }) => name),
  run: ({ print, paint }, [name]) => {
    if (name !== undefined) {
      const { usage, short = [], summary, more = [] } = commandOf(name);
      for (const line of usage) print(paint("bold", line));
      print(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`);
      for (const line of more) print(line);
      if (short.length) print(paint("gray", `Short: ${short.join(", ")}`));
      return;
    }
    for (const { name, short = [], summary } of COMMANDS) {
      const names = [name, ...short.filter((each) => each.length === 1)].join(", ");
      print(`${paint("bold", names.padEnd(13))} ${summary}`);
    }
    print("The beginning of a name will do. `help COMMAND` tells more.");
  },
};

const quit: Command = {
  name: "quit",
  short: ["q", "exit"],
  usage: ["quit"],
  summary: "leave; so does the end of input",
  run: (session) => {
    session.hasQuit = true;
  },
};

/** In the order of `help`. */
export const COMMANDS: readonly Command[] = [
  run,
  until,
  press,
  neighbour,
  desk,
  power,
  battery,
  drift,
  state,
  air,
  flash,
  memory,
  events,
  save,
  load,
  help,
  quit,
];

/** The command of a name, a short one, or the beginning of one. @throws ShellError */
export function commandOf(word: string): Command {
  const exact = COMMANDS.find(({ name, short = [] }) => name === word || short.includes(word));
  if (exact) return exact;
  const found = COMMANDS.filter(({ name }) => name.startsWith(word));
  if (found.length === 1) return found[0]!;
  throw new ShellError(
    found.length
      ? `"${word}" may be ${found.map(({ name }) => name).join(" or ")}; write more of it.`
      : `There is no command "${word}"; help lists them.`,
  );
}

/** What a line may be completed to: the candidates, and the part of it that they replace. */
export function completions(session: Session, line: string): [string[], string] {
  const words = line.trimStart().split(/\s+/);
  const last = words.pop() ?? "";
  const matching = (candidates: readonly string[]): string[] =>
    candidates.filter((each) => each.startsWith(last)).map((each) => `${each} `);
  const [first, ...rest] = words;
  if (first === undefined) return [matching(COMMANDS.map(({ name }) => name)), last];
  try {
    return [matching(commandOf(first).next?.(session, rest) ?? []), last];
  } catch {
    // No command begins so.
    return [[], last];
  }
}
