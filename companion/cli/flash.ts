/**
 * `saqbol flash`.
 *
 * @module
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type BoardName, LAYOUTS } from "../../protocol/flash-layout.ts";
import { Failure } from "../failure.ts";
import type { Language } from "../languages.ts";
import { buildCard } from "../provisioning/card/card.ts";
import { openEspruinoLink } from "../provisioning/espruino-link.ts";
import { readFirmware } from "../provisioning/firmware-bundle.ts";
import { checkTarget, FLASH_TARGETS } from "../provisioning/flash-target.ts";
import { flashToken, isProvisioned } from "../provisioning/flash-token.ts";
import { buildHexFile } from "../provisioning/hex-file.ts";
import type { IdentityFile } from "../provisioning/identity-file.ts";
import { buildStorageImage, type TokenIdentity } from "../provisioning/storage-image.ts";
import { languageOption } from "./card.ts";
import { makeDirectory, writeWhole } from "./files.ts";
import {
  identitiesOption,
  openIdentityList,
  openOrBeginIdentityList,
  serialOption,
} from "./identities.ts";
import { jsonOption } from "./options.ts";
import { canAsk, confirm, createProgress } from "./terminal.ts";

const LARGEST_BATCH = 10_000;
// Stands for any identity, to see whether an image can be built at all before a real one is made.
const SAMPLE: TokenIdentity = { serial: 0, key: new Uint8Array(16) };

interface Values {
  readonly board: BoardName;
  readonly port?: string;
  readonly hex?: string;
  readonly batch?: number;
  readonly out?: string;
  readonly serial?: number;
  readonly language: Language;
  readonly again?: true;
  readonly force?: true;
  readonly identities: string;
  readonly json?: true;
}

/** Adds the command. */
export function addFlash(program: Command): void {
  const command = program
    .command("flash")
    .description("make tokens: give boards the firmware and an identity")
    .addOption(
      new Option("--board <name>", "the kind of board")
        .choices(Object.keys(LAYOUTS))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        "--port <address>",
        "flash this board: tcp://host:port, serial port or Bluetooth address",
      ).conflicts(["hex", "batch", "out"]),
    )
    .addOption(
      new Option("--hex <file>", "write one image for factory programming, Intel HEX").conflicts([
        "batch",
        "out",
        "force",
      ]),
    )
    .addOption(
      new Option("--batch <count>", "write images and cards of many tokens")
        .argParser(countOf)
        .conflicts("force"),
    )
    .option("--out <directory>", "where to put a batch")
    .addOption(languageOption())
    .addOption(serialOption("serial number, of the first in a batch (default: the next free one)"))
    .addOption(
      new Option(
        "--again",
        "give the token of --serial the identity that it has in the list, so that its card stays good",
      ).conflicts("batch"),
    )
    .option("--force", "erase a board that is a token already, without asking")
    .addOption(identitiesOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
A board that runs something is found over Bluetooth only when it was started with its button held.
New identities go into the identity list first; keep copies of it and its passphrase.`,
    );
  command.action(async (options: Values) => {
    // Images and cards hold token keys: only their owner may read the files.
    process.umask(0o077);
    const { port, hex, batch, out, again, serial, json } = options;
    if (again && serial === undefined) {
      command.error("error: --again needs the --serial of the token");
    }
    if (port !== undefined) {
      const serial = await flashPort(options, port);
      const words = `Token ${serial} is ready; print its card with saqbol card --serial ${serial}.`;
      console.log(json ? JSON.stringify({ serial }) : words);
    } else if (hex !== undefined) {
      const serial = await writeHex(options, hex);
      console.log(json ? JSON.stringify({ serial, file: hex }) : `${hex}: token ${serial}`);
    } else if (batch !== undefined && out !== undefined) {
      const serials = await writeBatch(options, batch, out);
      const words = `${serials.length} tokens, serial numbers ${serials[0]} to ${serials.at(-1)}, in ${out}.`;
      console.log(json ? JSON.stringify({ serials, directory: out }) : words);
    } else {
      command.error("error: say what to flash: --port, --hex, or --batch with --out");
    }
  });
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= LARGEST_BATCH) return count;
  throw new InvalidArgumentError(`A batch has 1 to ${LARGEST_BATCH} tokens.`);
}

async function flashPort(options: Values, port: string): Promise<number> {
  const { board, force, json } = options;
  const target = FLASH_TARGETS[board];
  const firmware = readFirmware(board);
  buildStorageImage(board, SAMPLE, firmware);
  const identities = await openIdentities(options);
  const link = await openEspruinoLink(port);
  try {
    checkTarget(link, target);
    if (!force && (await isProvisioned(link, target))) await agreeToErase(json === true);
    const identity = await identityFor(options, identities);
    const progress = createProgress(`Token ${identity.serial}`, json === true);
    await flashToken(link, target, identity, firmware, progress);
    return identity.serial;
  } finally {
    await link.close();
  }
}

function openIdentities({ again, identities }: Values): Promise<IdentityFile> {
  return again ? openIdentityList(identities) : openOrBeginIdentityList(identities);
}

async function identityFor(options: Values, identities: IdentityFile): Promise<TokenIdentity> {
  const { again, serial } = options;
  if (again && serial !== undefined) return identities.find(serial);
  const [identity] = await identities.add(1, serial);
  return identity as TokenIdentity;
}

async function agreeToErase(json: boolean): Promise<void> {
  const question = "This board is a token already. Erase it, with all it has recorded?";
  if (!json && canAsk() && (await confirm(question))) return;
  throw new Failure(
    "already-provisioned",
    "This board is a token already and was left as it is; use --force to erase it, with all it has recorded.",
  );
}

async function writeHex(options: Values, path: string): Promise<number> {
  const firmware = readFirmware(options.board);
  buildHexFile(options.board, SAMPLE, firmware);
  const identity = await identityFor(options, await openIdentities(options));
  writeWhole(path, Buffer.from(buildHexFile(options.board, identity, firmware)));
  return identity.serial;
}

async function writeBatch(options: Values, count: number, directory: string): Promise<number[]> {
  const { board, language, json } = options;
  const firmware = readFirmware(board);
  buildHexFile(board, SAMPLE, firmware);
  makeDirectory(directory);
  const identities = await openOrBeginIdentityList(options.identities);
  const added = await identities.add(count, options.serial);
  const progress = createProgress("Batch", json === true);
  const whole: number[] = [];
  for (const identity of added) {
    const number = String(identity.serial).padStart(6, "0");
    const card = join(directory, `card-${number}.pdf`);
    const hex = join(directory, `token-${number}.hex`);
    try {
      writeWhole(card, await buildCard(identity, language, "pdf"));
      writeWhole(hex, Buffer.from(buildHexFile(board, identity, firmware)));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // The image comes last: if it is there, the token is whole.
      for (const path of [card, `${card}.part`, `${hex}.part`]) rmSync(path, { force: true });
      const made = whole.length ? `only those of ${whole[0]} to ${whole.at(-1)}` : "none";
      throw new Failure(
        "batch-incomplete",
        `Of the batch's images and cards ${made} could be written; make room or choose another directory, and run this again with --batch ${count - whole.length}.`,
      );
    }
    whole.push(identity.serial);
    progress(whole.length, count);
  }
  return whole;
}
