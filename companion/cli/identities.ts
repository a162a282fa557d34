/**
 * The options with which commands find and open the identity list.
 *
 * @module
 */
import { homedir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { Failure } from "../failure.ts";
import {
  type IdentityFile,
  identityFileExists,
  openIdentityFile,
} from "../provisioning/identity-file.ts";
import { askHidden, canAsk } from "./terminal.ts";

const SHORTEST_PASSPHRASE = 10;

/** `--identities FILE`. */
export function identitiesOption(): Option {
  const data = process.env["XDG_DATA_HOME"] || join(homedir(), ".local", "share");
  return new Option("--identities <file>", "the fleet's encrypted identity list")
    .env("SAQBOL_IDENTITIES")
    .default(join(data, "saqbol", "identities.json"));
}

/** `--serial NUMBER`. */
export function serialOption(description: string): Option {
  return new Option("--serial <number>", description).argParser((text) => {
    const serial = Number(text.replace(/\s/g, ""));
    if (Number.isInteger(serial) && serial > 0 && serial <= 0xffffffff) return serial;
    throw new InvalidArgumentError("A serial number is a whole number from 1 to 4294967295.");
  });
}

/**
 * Opens the identity list that must be there.
 *
 * @throws Failure `identities-missing`, and those of {@link openIdentityFile}
 */
export async function openIdentityList(path: string): Promise<IdentityFile> {
  if (identityFileExists(path)) return openIdentityFile(path, await passphrase("Passphrase: "));
  throw new Failure(
    "identities-missing",
    `There is no identity list at ${path}; name the right file with --identities.`,
  );
}

/**
 * Opens the identity list, or begins a new one.
 *
 * @throws Failure `passphrase-short`, `passphrases-differ`, and those of {@link openIdentityFile}
 */
export async function openOrBeginIdentityList(path: string): Promise<IdentityFile> {
  if (identityFileExists(path)) return openIdentityList(path);
  const chosen = await passphrase(`New passphrase for ${path}: `);
  if (chosen.length < SHORTEST_PASSPHRASE) {
    throw new Failure(
      "passphrase-short",
      `A passphrase needs at least ${SHORTEST_PASSPHRASE} characters; choose a longer one.`,
    );
  }
  if ((await passphrase("The same again: ")) !== chosen) {
    throw new Failure("passphrases-differ", "The two passphrases differ; run this again.");
  }
  return openIdentityFile(path, chosen);
}

// Not an option: options can be seen by everyone on the computer.
async function passphrase(question: string): Promise<string> {
  const given = process.env["SAQBOL_PASSPHRASE"];
  if (given) return given;
  if (canAsk()) return askHidden(question);
  throw new Failure(
    "passphrase-missing",
    "The identity list needs its passphrase; set SAQBOL_PASSPHRASE, or run this in a terminal.",
  );
}
