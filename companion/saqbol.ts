#!/usr/bin/env node
/** The command line of the desk. */
import { Command } from "commander";
import { addCard } from "./cli/card.ts";
import { addDownload } from "./cli/download.ts";
import { addFlash } from "./cli/flash.ts";
import { addMatch } from "./cli/match.ts";
import { reportFailure } from "./cli/report.ts";
import { addTestResult } from "./cli/test-result.ts";

const program = new Command("saqbol")
  .description("The desk's tools for people who wear an exposure notification token.")
  .version("0.1.0")
  .addHelpText(
    "after",
    `
Exit codes: 0 done, 1 failed (the reason is one sentence on standard error), 2 wrong usage.
Environment: SAQBOL_SERVER, SAQBOL_REGION, SAQBOL_PUBLIC_KEY and SAQBOL_IDENTITIES stand in for the options of that
name; SAQBOL_PASSPHRASE is the passphrase of the identity list.`,
  )
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "saqbol: ")) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

addTestResult(program);
addDownload(program);
addMatch(program);
addFlash(program);
addCard(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, process.argv.includes("--json"));
}
// Libraries that speak to boards may keep ports and radios open; what was printed goes out first.
process.stdout.write("", () => process.exit());
