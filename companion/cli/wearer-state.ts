/**
 * `saqbol pause`, `saqbol resume` and `saqbol erase`.
 *
 * @module
 */
import type { Command } from "commander";
import type { Desk } from "../desk/desk.ts";
import type { StatusView } from "../desk/desk-api.ts";
import { Failure } from "../failure.ts";
import { atDesk } from "./command-desk.ts";
import { partsOf } from "./desk-of.ts";
import { jsonOption } from "./options.ts";
import { canAsk, confirm } from "./terminal.ts";
import { adapterOption, cardOption, readCard, type TokenValues } from "./token-options.ts";

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
      await serve(options, (desk) => desk.pause({}));
      report(options, "paused", "Contact detection is paused; what was recorded stays.");
    },
  );
  common(program, "resume", "switch a token's contact detection on")
    .option("--consent", "the wearer has agreed to it, if for the first time (default: asks)")
    .action(async (options: Values) => {
      await serve(options, (desk, { state }) =>
        state === "off" ? enrol(desk, options) : desk.resume({}),
      );
      report(options, "on", "Contact detection is on.");
    });
  common(program, "erase", "erase a token's keys, meetings and result, and switch it off")
    .option("--yes", "do not ask")
    .action(async (options: Values) => {
      if (!options.yes && !(canAsk() && (await confirm(ERASURE)))) {
        throw new Failure("not-confirmed", "Nothing was erased; use --yes, or answer with yes.");
      }
      await serve(options, (desk) => desk.erase({ afterwards: "off" }));
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

async function serve(
  options: Values,
  work: (desk: Desk, status: StatusView) => Promise<unknown>,
): Promise<void> {
  const card = await readCard(options);
  await atDesk(partsOf(options.adapter), options.json === true, async (desk) =>
    work(desk, await desk.begin({ card })),
  );
}

function report({ json }: Values, state: string, words: string): void {
  console.log(json ? JSON.stringify({ state }) : words);
}

async function enrol(desk: Desk, { consent }: Values): Promise<void> {
  if (!consent && !(canAsk() && (await confirm(DETECTION)))) {
    throw new Failure(
      "consent-missing",
      "The token stays off, because its wearer has not agreed to contact detection; use --consent once that is so.",
    );
  }
  await desk.enrol({});
}
