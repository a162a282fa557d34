/**
 * `saqbol scan`.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { BluetoothRadio } from "../bluetooth/bluetooth-radio.ts";
import { jsonOption } from "./options.ts";
import { adapterOption } from "./token-options.ts";

const LONGEST = 300;

interface Values {
  readonly seconds: number;
  readonly adapter?: string;
  readonly json?: true;
}

/** Adds the command. */
export function addScan(program: Command): void {
  program
    .command("scan")
    .description("see which tokens are in reach and have their sync window open")
    .addOption(
      new Option("--seconds <number>", "how long to listen").argParser(secondsOf).default(5),
    )
    .addOption(adapterOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nA token's address is another one each time; only with its card can it be told from others.",
    )
    .action(async ({ seconds, adapter, json }: Values) => {
      const radio = await BluetoothRadio.open(adapter);
      try {
        const tokens = await radio.scan(seconds * 1000);
        if (json) {
          console.log(JSON.stringify({ tokens: tokens.map(({ rssi }) => ({ rssi })) }));
        } else if (tokens.length === 0) {
          console.log("No token; hold a token's button until its blue light comes on.");
        } else {
          for (const { rssi } of tokens) console.log(`A token, received with ${rssi} dBm.`);
        }
      } finally {
        await radio.close();
      }
    });
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= LONGEST) return seconds;
  throw new InvalidArgumentError(`Give a number of seconds up to ${LONGEST}.`);
}
