/**
 * `saqbol status`.
 *
 * @module
 */
import type { Command } from "commander";
import { atDesk } from "./command-desk.ts";
import { partsOf } from "./desk-of.ts";
import { jsonOption } from "./options.ts";
import { statusInJson, statusInWords } from "./status-words.ts";
import { adapterOption, cardOption, readCard, type TokenValues } from "./token-options.ts";

/** Adds the command. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("read a token's state")
    .addOption(cardOption())
    .addOption(adapterOption())
    .addOption(jsonOption())
    .action(async (options: TokenValues & { json?: true }) => {
      const card = await readCard(options);
      const status = await atDesk(partsOf(options.adapter), options.json === true, (desk) =>
        desk.begin({ card }),
      );
      console.log(options.json ? JSON.stringify(statusInJson(status)) : statusInWords(status));
    });
}
