/**
 * The options with which commands find a wearer's token.
 *
 * @module
 */
import { Option } from "commander";
import { IDENTITY_MAGIC } from "../../protocol/flash-layout.ts";
import { BluetoothRadio } from "../bluetooth/bluetooth-radio.ts";
import { systemTimers } from "../bluetooth/system-timers.ts";
import { Failure } from "../failure.ts";
import { parseCardCode } from "../provisioning/card-code.ts";
import { openToken } from "../token/open-token.ts";
import type { TokenClient } from "../token/token-client.ts";
import { readSecret } from "./secret-input.ts";
import { tell } from "./terminal.ts";

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
 * The token key on the wearer's card.
 *
 * @throws Failure `card-on-command-line`, `card-code-malformed`, and those of {@link readSecret}
 */
export async function readCard({ card }: TokenValues): Promise<Uint8Array> {
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
  return parseCardCode(code).key;
}

/** Present time in Unix seconds. */
export const systemTime = (): number => Date.now() / 1000;

/**
 * Connects to the token of a card, and serves it.
 *
 * @throws Failure those of {@link BluetoothRadio.open}, {@link openToken} and `serve`
 */
export async function withToken<T>(
  tokenKey: Uint8Array,
  adapter: string | undefined,
  serve: (client: TokenClient) => Promise<T>,
): Promise<T> {
  const radio = await BluetoothRadio.open(adapter);
  try {
    tell("Hold the token's button until the blue light comes on, and keep the token close.");
    const client = await openToken(radio, systemTimers, tokenKey, {
      onLost: () => tell("The connection was lost; looking for the token again. Keep it close."),
      onOther: () => tell("A token is near that does not belong to this card; still looking."),
    });
    tell("Connected.");
    try {
      return await serve(client);
    } finally {
      client.close();
    }
  } finally {
    await radio.close();
  }
}
