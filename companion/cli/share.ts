/**
 * `saqbol share`.
 *
 * @module
 */
import type { Command } from "commander";
import { Failure } from "../failure.ts";
import { requirePositive, shareVisit } from "../visit/share-visit.ts";
import { clientOf, jsonOption, serverOption } from "./options.ts";
import { readSecret } from "./secret-input.ts";
import { canAsk, confirm } from "./terminal.ts";
import {
  adapterOption,
  cardOption,
  readCard,
  systemTime,
  type TokenValues,
  withToken,
} from "./token-options.ts";

const CONSENT =
  "Does the wearer agree that the token's keys of the last 14 days are published, so that those who were near can be warned? This cannot be taken back.";

interface Values extends TokenValues {
  readonly code?: string;
  readonly consent?: true;
  readonly server: string;
  readonly json?: true;
}

/** Adds the command. */
export function addShare(program: Command): void {
  program
    .command("share")
    .description("after a positive test, and with the wearer's consent, publish the token's keys")
    .addOption(cardOption())
    .option(
      "--code <file>",
      "where the 10-digit code of the test is: a file, or - for standard input, a line after the card's (default: asks at the terminal)",
    )
    .option("--consent", "the wearer has agreed to publishing (default: asks at the terminal)")
    .addOption(serverOption())
    .addOption(adapterOption())
    .addOption(jsonOption())
    .action(async (options: Values) => {
      const key = await readCard(options);
      const code = await readSecret({
        source: options.code,
        question: "The test's 10-digit code",
        remedy:
          "name a file that has it with --code, or write --code - and give it on standard input, on a line after the card's",
      });
      const server = clientOf(options.server);
      const test = await server.lookUp(code.replace(/\s/g, ""));
      // Before the wearer has to hold the button.
      requirePositive(await server.testResult(test));
      if (!options.consent && !(canAsk() && (await confirm(CONSENT)))) {
        throw new Failure(
          "consent-missing",
          "Nothing was published, because the wearer has not agreed to it; use --consent once that is so.",
        );
      }
      const published = await withToken(key, options.adapter, (client) =>
        shareVisit(client, server, test, true, systemTime),
      );
      console.log(
        options.json
          ? JSON.stringify({ published })
          : `${published} keys were published; those who were near can be warned now.`,
      );
    });
}
