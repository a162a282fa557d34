/** `npm run simulate`: the firmware bundle without hardware. */
import { Command, Option } from "commander";
import { adapterOption } from "../companion/cli/token-options.ts";
import { LAYOUTS } from "../protocol/flash-layout.ts";
import { runToken, type TokenOptions } from "./ble/token.ts";

const program = new Command("npm run simulate --")
  .description("Runs the firmware that is flashed onto tokens, without hardware.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program
  .command("token")
  .description("one token, in real time, that a desk can find over Bluetooth")
  .addOption(new Option("--ble", "offer it over this computer's Bluetooth").makeOptionMandatory())
  .addOption(adapterOption())
  .addOption(
    new Option("--board <name>", "the kind of board")
      .choices(Object.keys(LAYOUTS))
      .default("puckjs"),
  )
  .option("--flash <file>", "keep the token's flash in a file from run to run")
  .option("--hold", "hold its button at once, and whenever the sync window has closed")
  .option("--json", "print one JSON object a line")
  .addHelpText(
    "after",
    "\nPress Enter to hold its button, Ctrl-C to end. The token's clock is this computer's once a desk has set it.",
  )
  .action(async (options: TokenOptions) => {
    try {
      await runToken(options);
    } catch (error) {
      console.error(`simulate: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  });

await program.parseAsync();
// bleno's timers go on for ever.
process.exit();
