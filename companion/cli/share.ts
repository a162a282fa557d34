/**
 * `saqbol share`.
 *
 * @module
 */
import { type Command, InvalidArgumentError } from "commander";
import type { PublishedView } from "../desk/desk-api.ts";
import { Failure } from "../failure.ts";
import { VerificationCode } from "../servers/key-server-client.ts";
import { requirePositive } from "../visit/share-visit.ts";
import { onsetDate, pastDate, type SharingDate } from "../visit/sharing-dates.ts";
import { atDesk } from "./command-desk.ts";
import { partsOf } from "./desk-of.ts";
import {
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
} from "./token-options.ts";

const CONSENT =
  "Does the wearer agree that the token's keys of the last 14 days are published, so that those who were near can be warned? This cannot be taken back.";

interface Values extends TokenValues, SettingsValues {
  readonly code?: string;
  readonly consent?: true;
  readonly symptomOnset?: string;
  readonly traveler?: true;
  readonly since?: string;
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
    .option(
      "--symptom-onset <date>",
      "when symptoms began, YYYY-MM-DD, if they did",
      checked(onsetDate),
    )
    .option("--traveler", "the wearer was away from the region in these days")
    .option(
      "--since <date>",
      "only keys of this day, YYYY-MM-DD, and later: when older ones were published at an earlier visit",
      checked(pastDate),
    )
    .addOption(adapterOption())
    .addOption(jsonOption());
  for (const option of settingsOptions()) command.addOption(option);
  command.action(async (options: Values) => {
    const settings = settingsOf(options, command);
    const kind = permissionOf(settings);
    const card = await readCard(options);
    const secret = await readSecret({
      source: options.code,
      question: "The test's code",
      remedy:
        "name a file that has it with --code, or write --code - and give it on standard input, on a line after the card's",
    });
    const code = secret.replace(/\s/g, "");
    const { consent, symptomOnset, traveler, since } = options;
    // A desk with exports would download them.
    const parts = partsOf(options.adapter, { ...settings, exports: [] });
    const published = await atDesk(parts, options.json === true, async (desk) => {
      // Before the wearer has to hold the button. A health authority's code would be used up by asking.
      if (kind === "registration-token") requirePositive((await desk.lookUp({ code })).result);
      else new VerificationCode(code).forget();
      if (!consent && !(canAsk() && (await confirm(CONSENT)))) {
        throw new Failure(
          "consent-missing",
          "Nothing was published, because the wearer has not agreed to it; use --consent once that is so.",
        );
      }
      await desk.begin({ card });
      return desk.share({ code, symptomOnset, traveler, since });
    });
    console.log(options.json ? JSON.stringify(inJson(published)) : publishedInWords(published));
  });
}

function inJson({ inserted, refused, leftOut }: PublishedView): object {
  return { published: inserted, refused, leftOut };
}

/** Says what a publication achieved; one or more lines. */
export function publishedInWords(published: PublishedView): string {
  const { inserted, refused, refusedPositions, leftOut } = published;
  const lines = [insertedInWords(inserted)];
  if (refused > 0) {
    lines.push(
      `Note: the key server did not take ${refused} keys (in the token's order: ${refusedPositions.join(", ")}); tell who maintains this desk.`,
    );
  }
  if (leftOut > 0) {
    lines.push(
      `Note: the key server left out ${leftOut} keys, because their days are far from the onset of symptoms.`,
    );
  }
  return lines.join("\n");
}

function insertedInWords(inserted: number | null): string {
  if (inserted === null) {
    return "The key server has this token's keys; its answer, which says how many it took, was lost on the way.";
  }
  if (inserted === 0) return "No new key was published.";
  const [keys, them] = inserted === 1 ? ["1 key was", "it"] : [`${inserted} keys were`, "them"];
  return `${keys} published; those who were near can be warned as soon as the server gives ${them} out, which takes some hours for a key of today.`;
}

// What is wrong with a date is wrong usage, before anything else is asked.
function checked(read: (date: string, now: number) => SharingDate): (date: string) => string {
  return (date) => {
    const day = read(date, systemTime());
    if ("problem" in day) throw new InvalidArgumentError(`It ${day.problem}.`);
    return date;
  };
}
