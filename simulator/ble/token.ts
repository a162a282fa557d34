/**
 * A token without hardware: the firmware bundle on a simulated board, whose sync service is on this computer's Bluetooth.
 *
 * @module
 */
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import encodeQR from "qr";
import { writeWhole } from "../../companion/cli/files.ts";
import { encodeCardCode } from "../../companion/provisioning/card-code.ts";
import {
  buildStorageImage,
  type TokenIdentity,
} from "../../companion/provisioning/storage-image.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import {
  type BoardName,
  LAYOUTS,
  PAGE_BYTES,
  TOKEN_KEY_BYTES,
} from "../../protocol/flash-layout.ts";
import { cardKeyOf } from "../at-desk.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import { World } from "../world.ts";
import { BlePeripheral } from "./peripheral.ts";
import { runInRealTime } from "./real-time.ts";

/** Serial number on the card of a token that exists in software only. */
const SERIAL = 1;
const HOLD_SECONDS = 3.5;

/** How to run it. */
export interface TokenOptions {
  readonly board: BoardName;
  /** See {@link BlePeripheral.open}. */
  readonly adapter?: string;
  /** Keeps the flash from run to run; without it the token is gone at the end. */
  readonly flash?: string;
  /** Hold the button at once, and again whenever the sync window has closed. */
  readonly hold?: true;
  readonly json?: true;
}

/** Runs it until the process is interrupted. */
export async function runToken(options: TokenOptions): Promise<void> {
  const tell = (event: string, facts: Record<string, unknown>, words: string): void => {
    console.log(options.json ? JSON.stringify({ event, ...facts }) : words);
  };
  // Its flash holds its key: only its owner may read the file.
  process.umask(0o077);
  const world = new World(Date.now() / 1000, randomUUID());
  const device = await boot(world, options);
  const code = encodeCardCode({ serial: SERIAL, key: cardKeyOf(device) });
  const qr = options.json ? "" : encodeQR(code, "ascii", { ecc: "medium" });
  tell("card", { code }, `${qr}\nThe card of this token; it is of no use for any other: ${code}`);

  device.onLight = (colour, on) =>
    tell("light", { colour, on }, `${colour} light ${on ? "on" : "off"}`);
  device.powerOn();
  const peripheral = await BlePeripheral.open(device, options.adapter, (state) => {
    tell(state, {}, WORDS[state]);
    if (state === "silent" && options.hold) hold();
  });
  const hold = (): void => {
    tell("held", {}, `The button is held for ${HOLD_SECONDS} seconds.`);
    device.press(HOLD_SECONDS);
  };
  const stop = runInRealTime(world, () => peripheral.update());
  if (options.hold) hold();
  else tell("ready", {}, "Press Enter to hold the token's button.");
  const lines = createInterface({ input: process.stdin });
  lines.on("line", hold);

  await interrupted();
  stop();
  lines.close();
  peripheral.close();
  if (options.flash) writeWhole(options.flash, device.flash.bytes);
}

const WORDS = {
  advertising: "The sync window is open: a desk can find the token.",
  silent: "The sync window has closed.",
  connected: "A central has connected.",
} as const;

async function boot(world: World, options: TokenOptions): Promise<EspruinoDevice> {
  const { board, flash } = options;
  const image = flash && existsSync(flash) ? readFlash(flash, board) : await provisioned(board);
  return world.addToken("token", image, 0, board);
}

function readFlash(path: string, board: BoardName): Uint8Array {
  const image = readFileSync(path);
  if (image.length <= LAYOUTS[board].storagePages * PAGE_BYTES) return image;
  throw new Error(
    `The file ${path} is not the flash of a ${board}; name the board with --board, or another file.`,
  );
}

async function provisioned(board: BoardName): Promise<Uint8Array> {
  const key = randomBytes(TOKEN_KEY_BYTES);
  const identity: TokenIdentity = { serial: SERIAL, key };
  return buildStorageImage(board, identity, await buildFirmware(board));
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
