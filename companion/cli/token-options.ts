/**
 * The options with which commands find a wearer's token.
 *
 * @module
 */
import { Option } from "commander";
import { IDENTITY_MAGIC } from "../../protocol/flash-layout.ts";
import { Failure } from "../failure.ts";
import { parseCardCode } from "../provisioning/card-code.ts";
import { readSecret } from "./secret-input.ts";

/** What {@link cardOption} and {@link adapterOption} give. */
export interface TokenValues {
  readonly card?: string;
  readonly adapter?: string;
}

/** `--card FILE`. */
export function cardOption(): Option {
  return new Option(
    "--card <file>",
    "where the code of the wearer's card is: a file, or - for standard input (default: asks at the terminal)",
  );
}

/** `--adapter NAME`. */
export function adapterOption(): Option {
  return new Option(
    "--adapter <name>",
    "Bluetooth adapter: its number on Linux, or the serial port of an HCI dongle, with @ and its baud rate if that is not 1000000 (default: the system's)",
  ).env("SAQBOL_ADAPTER");
}

/**
 * The code of the wearer's card.
 *
 * @throws Failure `card-on-command-line`, `card-code-malformed`, and those of {@link readSecret}
 */
export async function readCard({ card }: TokenValues): Promise<string> {
  if (card?.trim().toUpperCase().startsWith(`${IDENTITY_MAGIC}:`)) {
    throw new Failure(
      "card-on-command-line",
      "The card's code does not belong on the command line, where everyone on this computer can see it; write --card - and scan the card then.",
    );
  }
  const code = await readSecret({
    source: card,
    question: "Scan the wearer's card",
    remedy:
      "name a file that has its code with --card, or write --card - and give it on standard input",
  });
  // A card that was misread is told of before anything else is asked.
  parseCardCode(code);
  return code;
}

/** Present time in Unix seconds. */
export const systemTime = (): number => Date.now() / 1000;
