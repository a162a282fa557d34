/**
 * What a command of the shell is.
 *
 * @module
 */
import type { Bench } from "../bench.ts";
import type { EventLevel } from "../events.ts";
import type { Paint } from "../style.ts";

/** What commands work on. */
export interface Session {
  readonly bench: Bench;
  readonly paint: Paint;
  /** An Espruino interpreter, if one was named. */
  readonly interpreter: string | undefined;
  /** How much is told of what happens. */
  events: EventLevel;
  /** Set by the last command. */
  hasQuit: boolean;
  /** Writes a line. */
  print(line: string): void;
}

/** A command. */
export interface Command {
  readonly name: string;
  /** Other names; the beginning of a name will do as well, if no other begins so. */
  readonly short?: readonly string[];
  /** How to write it, a line for each form. */
  readonly usage: readonly string[];
  /** What it does, in a few words. */
  readonly summary: string;
  /** More of it, for `help` with its name; lines of at most 78 characters. */
  readonly more?: readonly string[];
  /** What may come next behind some words, for completion. */
  next?(session: Session, words: readonly string[]): readonly string[];
  /** @param words - what was typed behind the name @throws ShellError, Failure */
  run(session: Session, words: readonly string[]): void | Promise<void>;
}
