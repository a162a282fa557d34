/**
 * `saqbol share`.
 *
 * @module
 */
import { type Command, InvalidArgumentError } from "commander";
import { dayOf, INTERVALS_PER_DAY, intervalAt } from "../../protocol/intervals.ts";
import { Failure } from "../failure.ts";
import type { Published } from "../servers/key-server-client.ts";
import { permissionFor, shareVisit } from "../visit/share-visit.ts";
import {
  deskClient,
  jsonOption,
  permissionOf,
  type SettingsValues,
  settingsOf,
  settingsOptions,
} from "./options.ts";
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

/** Days before today that a key server takes for the onset of symptoms. */
const MAX_ONSET_DAYS = 28;

interface Values extends TokenValues, SettingsValues {
  readonly code?: string;
  readonly consent?: true;
  readonly symptomOnset?: number;
  readonly traveler?: true;
  readonly since?: number;
  readonly json?: true;
}

/** Adds the command. */
export function addShare(program: Command): void {
  const command = program
    .command("share")
    .description("after a positive test, and with the wearer's consent, publish the token's keys")
    .addOption(cardOption())
    .option(
      "--code <file>",
      "where the code of the test is: a file, or - for standard input, a line after the card's (default: asks at the terminal)",
    )
    .option("--consent", "the wearer has agreed to publishing (default: asks at the terminal)")
    .option("--symptom-onset <date>", "when symptoms began, YYYY-MM-DD, if they did", onsetInterval)
    .option("--traveler", "the wearer was away from the region in these days")
    .option(
      "--since <date>",
      "only keys of this day, YYYY-MM-DD, and later: when older ones were published at an earlier visit",
      firstInterval,
    )
    .addOption(adapterOption())
    .addOption(jsonOption());
  for (const option of settingsOptions()) command.addOption(option);
  command.action(async (options: Values) => {
    const settings = settingsOf(options, command);
    const kind = permissionOf(settings);
    const key = await readCard(options);
    const code = await readSecret({
      source: options.code,
      question: "The test's code",
      remedy:
        "name a file that has it with --code, or write --code - and give it on standard input, on a line after the card's",
    });
    const server = deskClient(settings);
    const permission = await permissionFor(kind, code.replace(/\s/g, ""), server);
    if (!options.consent && !(canAsk() && (await confirm(CONSENT)))) {
      throw new Failure(
        "consent-missing",
        "Nothing was published, because the wearer has not agreed to it; use --consent once that is so.",
      );
    }
    const published = await withToken(key, options.adapter, (client) =>
      shareVisit(client, server, permission, true, systemTime, {
        since: options.since,
        symptomOnsetInterval: options.symptomOnset,
        traveler: options.traveler,
      }),
    );
    console.log(options.json ? JSON.stringify(inJson(published)) : publishedInWords(published));
  });
}

function inJson({ inserted, refused, leftOut }: Published): object {
  return { published: inserted ?? null, refused: refused.length, leftOut: leftOut.length };
}

/** Says what a publication achieved; one or more lines. */
export function publishedInWords({ inserted, refused, leftOut }: Published): string {
  const lines = [insertedInWords(inserted)];
  if (refused.length > 0) {
    lines.push(
      `Note: the key server did not take ${refused.length} keys (in the token's order: ${refused.join(", ")}); tell who maintains this desk.`,
    );
  }
  if (leftOut.length > 0) {
    lines.push(
      `Note: the key server left out ${leftOut.length} keys, because their days are far from the onset of symptoms.`,
    );
  }
  return lines.join("\n");
}

function insertedInWords(inserted: number | undefined): string {
  if (inserted === undefined) {
    return "The key server has this token's keys; its answer, which says how many it took, was lost on the way.";
  }
  if (inserted === 0) return "No new key was published.";
  const [keys, them] = inserted === 1 ? ["1 key was", "it"] : [`${inserted} keys were`, "them"];
  return `${keys} published; those who were near can be warned as soon as the server gives ${them} out, which takes some hours for a key of today.`;
}

function onsetInterval(date: string): number {
  const interval = firstInterval(date);
  const today = dayOf(intervalAt(systemTime()));
  if (dayOf(interval) < today - MAX_ONSET_DAYS) {
    throw new InvalidArgumentError(`It must lie in the last ${MAX_ONSET_DAYS} days.`);
  }
  return interval;
}

function firstInterval(date: string): number {
  const milliseconds = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00Z`) : Number.NaN;
  const rightDay =
    !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(date);
  if (!rightDay) throw new InvalidArgumentError("It must be a date such as 2026-05-31.");
  const interval = intervalAt(milliseconds / 1000);
  if (interval > intervalAt(systemTime()) + INTERVALS_PER_DAY) {
    throw new InvalidArgumentError("It must not lie in the future.");
  }
  return interval;
}
