/**
 * Tells the demonstration's story, step by step.
 *
 * @module
 */

/** Where the story goes. */
export interface Narrator {
  /** Begins a step. */
  step(title: string): void;
  /** Says what has happened. */
  say(text: string): void;
  /** Shows how far something long has got; ends its line at the end. */
  progress(what: string, done: number, all: number): void;
}

const BAR_WIDTH = 30;

/** Writes for people. On a terminal the progress bar moves; elsewhere only its end is written. */
export function createNarrator(output: NodeJS.WriteStream, steps: number): Narrator {
  let current = 0;
  return {
    step: (title) => {
      current++;
      output.write(`\n[${current}/${steps}] ${title}\n`);
    },
    say: (text) => {
      output.write(`      ${text}\n`);
    },
    progress: (what, done, all) => {
      const filled = Math.round((BAR_WIDTH * done) / all);
      const bar = "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled);
      if (output.isTTY) output.write(`\r      [${bar}] ${what}`);
      if (done >= all) output.write(output.isTTY ? "\n" : `      [${bar}] ${what}\n`);
    },
  };
}

/** Says nothing. */
export const silentNarrator: Narrator = { step: () => {}, say: () => {}, progress: () => {} };
