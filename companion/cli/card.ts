/**
 * `saqbol card`.
 *
 * @module
 */
import { extname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { LANGUAGES, type Language } from "../languages.ts";
import { buildCard, CARD_FORMATS, type CardFormat } from "../provisioning/card/card.ts";
import { writeWhole } from "./files.ts";
import { identitiesOption, openIdentityList, serialOption } from "./identities.ts";
import { jsonOption } from "./options.ts";

interface Values {
  readonly serial: number;
  readonly language: Language;
  readonly out: string;
  readonly identities: string;
  readonly json?: true;
}

/** `--language CODE`. */
export function languageOption(): Option {
  return new Option("--language <code>", "language of the card")
    .choices(LANGUAGES)
    .default(LANGUAGES[0]);
}

/** Adds the command. */
export function addCard(program: Command): void {
  program
    .command("card")
    .description("print the card of a token that is in the identity list")
    .addOption(serialOption("serial number of the token").makeOptionMandatory())
    .addOption(languageOption())
    .addOption(
      new Option("--out <file>", "where to put the card: a name that ends in .svg or .pdf")
        .argParser(checkFormat)
        .makeOptionMandatory(),
    )
    .addOption(identitiesOption())
    .addOption(jsonOption())
    .action(async ({ serial, language, out, identities, json }: Values) => {
      // A card shows the token key: only its owner may read the file.
      process.umask(0o077);
      const identity = (await openIdentityList(identities)).find(serial);
      writeWhole(out, await buildCard(identity, language, formatOf(out) as CardFormat));
      console.log(json ? JSON.stringify({ serial, file: out }) : out);
    });
}

function checkFormat(path: string): string {
  if (formatOf(path) in CARD_FORMATS) return path;
  throw new InvalidArgumentError("The name must end in .svg or .pdf.");
}

const formatOf = (path: string): string => extname(path).slice(1).toLowerCase();
