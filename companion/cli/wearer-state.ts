/**
 * `saqbol pause`, `saqbol resume` and `saqbol erase`.
 *
 * @module
 */
import type { Command } from "commander";
import { Failure } from "../failure.ts";
import type { TokenClient } from "../token/token-client.ts";
import { enrolVisit } from "../visit/enrol-visit.ts";
import { jsonOption } from "./options.ts";
import { canAsk, confirm } from "./terminal.ts";
import {
  adapterOption,
  cardOption,
  readCard,
  systemTime,
  type TokenValues,
  withToken,
} from "./token-options.ts";

const DETECTION =
  "Does the wearer agree that the token notes which other tokens and telephones are near, by numbers that name nobody, for 14 days?";
const ERASURE =
  "Erase all keys and meetings of this token? The wearer can then neither be warned nor warn others of what was before.";

interface Values extends TokenValues {
  readonly consent?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Adds the three commands. */
export function addWearerState(program: Command): void {
  common(program, "pause", "stop a token's contact detection until it is resumed").action(
    async (options: Values) => {
      await serve(options, pause);
      report(options, "paused", "Contact detection is paused; what was recorded stays.");
    },
  );
  common(program, "resume", "switch a token's contact detection on")
    .option("--consent", "the wearer has agreed to it, if for the first time (default: asks)")
    .action(async (options: Values) => {
      await resume(options);
      report(options, "on", "Contact detection is on.");
    });
  common(program, "erase", "erase a token's keys, meetings and result, and switch it off")
    .option("--yes", "do not ask")
    .action(async (options: Values) => {
      if (!options.yes && !(canAsk() && (await confirm(ERASURE)))) {
        throw new Failure("not-confirmed", "Nothing was erased; use --yes, or answer with yes.");
      }
      await serve(options, (client) => client.erase());
      report(options, "off", "The token is empty and off.");
    });
}

function common(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addOption(cardOption())
    .addOption(adapterOption())
    .addOption(jsonOption());
}

async function serve<T>(options: Values, work: (client: TokenClient) => Promise<T>): Promise<T> {
  return withToken(await readCard(options), options.adapter, work);
}

function report({ json }: Values, state: string, words: string): void {
  console.log(json ? JSON.stringify({ state }) : words);
}

async function pause(client: TokenClient): Promise<void> {
  const { state } = await client.status();
  if (state === "off") {
    throw new Failure(
      "never-on",
      "This token is off, because its wearer has not agreed to contact detection; there is nothing to pause.",
    );
  }
  await client.setState("paused", false);
}

async function resume(options: Values): Promise<void> {
  const { adapter, consent } = options;
  const key = await readCard(options);
  const isOn = await withToken(key, adapter, async (client) => {
    const { state } = await client.status();
    if (state !== "off") await client.setState("on", false);
    else if (consent) await enrolVisit(client, systemTime);
    return state !== "off" || consent === true;
  });
  if (isOn) return;
  // To explain and to decide takes longer than a sync window is open.
  if (!(canAsk() && (await confirm(DETECTION)))) {
    throw new Failure(
      "consent-missing",
      "The token stays off, because its wearer has not agreed to contact detection; use --consent once that is so.",
    );
  }
  await withToken(key, adapter, (client) => enrolVisit(client, systemTime));
}
