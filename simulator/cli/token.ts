/**
 * `saqbol-sim token`.
 *
 * @module
 */
import { type Command, Option } from "commander";
import { adapterOption } from "../../companion/cli/token-options.ts";
import { type BoardName, LAYOUTS } from "../../protocol/flash-layout.ts";
import { runToken } from "../ble/token.ts";
import { runTokenShell } from "../token-shell/shell.ts";

interface Values {
  readonly ble?: true;
  readonly adapter?: string;
  readonly board: BoardName;
  readonly seed: string;
  readonly flash?: string;
  readonly hold?: true;
  readonly json?: true;
}

/** Adds the command. */
export function addToken(program: Command): void {
  program
    .command("token")
    .description(
      "one token at a prompt, in virtual time; with --ble in real time, for desks to find over Bluetooth",
    )
    .addOption(
      new Option("--board <name>", "the kind of board")
        .choices(Object.keys(LAYOUTS))
        .default("puckjs"),
    )
    .option(
      "--seed <text>",
      "everything that happens by chance follows from it (not with --ble)",
      "1",
    )
    .option("--flash <file>", "keep the token's flash in a file from run to run")
    .option("--ble", "offer it over this computer's Bluetooth")
    .addOption(adapterOption())
    .option(
      "--hold",
      "with --ble: hold its button at once, and whenever the sync window has closed",
    )
    .option("--json", "with --ble: print one JSON object a line")
    .addHelpText(
      "after",
      "\nAt the prompt, type help; commands can be piped in, too (docs/token-shell.md). With --ble, press Enter to hold the\ntoken's button, Ctrl-C to end; the token's clock is this computer's once a desk has set it.",
    )
    .action(async (values: Values, command: Command) => {
      if (values.ble) {
        await runToken(values);
        return;
      }
      for (const option of ["adapter", "hold", "json"] as const) {
        if (values[option] !== undefined && command.getOptionValueSource(option) === "cli") {
          command.error(`error: --${option} goes with --ble only.`);
        }
      }
      const { board, seed, flash } = values;
      process.exitCode = await runTokenShell({
        board,
        seed,
        ...(flash !== undefined && { flash }),
        input: process.stdin,
        output: process.stdout,
      });
    });
}
