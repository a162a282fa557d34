#!/usr/bin/env node
/** The laboratory's command line: the firmware bundle without hardware. */
import { Command } from "commander";
import { Failure } from "../companion/failure.ts";
import { addRadio } from "./cli/radio.ts";
import { addRun } from "./cli/run.ts";
import { addToken } from "./cli/token.ts";
import { addTune } from "./cli/tune.ts";

const program = new Command("saqbol-sim")
  .description("Runs the firmware that is flashed onto tokens, without hardware.")
  .version("0.1.0")
  .addHelpText(
    "after",
    "\nExit codes: 0 done; 1 failed (the reason is one sentence on standard error);\n2 wrong usage; 130 interrupted.",
  )
  .configureOutput({
    outputError: (text, write) => write(text.replace(/^error: /, "saqbol-sim: ")),
  })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

addRun(program);
addTune(program);
addToken(program);
addRadio(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`saqbol-sim: ${error.message}`);
  process.exitCode = 1;
}
// bleno's timers go on for ever; what was printed goes out first.
process.stdout.write("", () => process.exit());
