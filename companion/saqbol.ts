#!/usr/bin/env node
/** The command line of the desk. */
import { Command } from "commander";
import { addCard } from "./cli/card.ts";
import { addChaff } from "./cli/chaff.ts";
import { addDesk } from "./cli/desk.ts";
import { addDownload } from "./cli/download.ts";
import { addExport } from "./cli/export.ts";
import { addFlash } from "./cli/flash.ts";
import { addListen } from "./cli/listen.ts";
import { addMatch } from "./cli/match.ts";
import { reportFailure } from "./cli/report.ts";
import { addRisk } from "./cli/risk.ts";
import { addScan } from "./cli/scan.ts";
import { addSettings } from "./cli/settings.ts";
import { addShare } from "./cli/share.ts";
import { addStatus } from "./cli/status.ts";
import { addSync } from "./cli/sync.ts";
import { addTestResult } from "./cli/test-result.ts";
import { addWearerState } from "./cli/wearer-state.ts";

const program = new Command("saqbol")
  .description("The desk's tools for people who wear an exposure notification token.")
  .version("0.1.0")
  .addHelpText(
    "after",
    `
Exit codes: 0 done; 1 failed (the reason is one sentence on standard error); 2 wrong usage; 3 the token is out of reach,
or the connection to it was lost: try again; 4 the token is not the card's; 5 no Bluetooth that could be used.
Environment: SAQBOL_SETTINGS, SAQBOL_SERVER, SAQBOL_REGION, SAQBOL_PUBLIC_KEY, SAQBOL_RISK_CONFIG, SAQBOL_ADAPTER and
SAQBOL_IDENTITIES stand in for the options of that name; SAQBOL_PASSPHRASE is the passphrase of the identity list.
Downloaded exports are kept below XDG_CACHE_HOME.`,
  )
  .configureOutput({
    // A card's code that was given by mistake is not repeated.
    outputError: (text, write) =>
      write(text.replace(/^error: /, "saqbol: ").replace(/SQB1:[^\s']*/gi, "(a card's code)")),
  })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

addDesk(program);
addScan(program);
addListen(program);
addStatus(program);
addSync(program);
addShare(program);
addWearerState(program);
addTestResult(program);
addChaff(program);
addSettings(program);
addDownload(program);
addExport(program);
addMatch(program);
addRisk(program);
addFlash(program);
addCard(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, process.argv.includes("--json"));
}
// Libraries that speak to boards may keep ports and radios open; what was printed goes out first.
process.stdout.write("", () => process.exit());
