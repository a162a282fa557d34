import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { openToken } from "../../companion/token/open-token.ts";
import type { TokenClient } from "../../companion/token/token-client.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { Chip } from "../../simulator/chip/chip.ts";
import { missingForChip } from "../../simulator/chip/find.ts";

/** Whether there is no chip on this computer. */
export const NO_CHIP = missingForChip() !== undefined;
/** Whether there is no SoftDevice, so that there is no radio level. */
export const NO_SOFTDEVICE = NO_CHIP || !process.env["SOFTDEVICE_HEX"];

const KEY = new Uint8Array(16);
/** Of the board that the tests run; an ELF file for another one is refused. */
const BOARD = "puckjs";
/** Noon of 13 September 2020, in Unix seconds. */
export const NOON = 1_599_998_400;
/** Espruino has booted and run the bundle. */
const BOOT_MILLISECONDS = 5000;
/** Longer than a sync window is open. */
const WINDOW_MILLISECONDS = 65_000;

/** Storage as the release bundle is flashed with it, which a test may change before. */
export async function release(change = (bundle: string) => bundle): Promise<Uint8Array> {
  const identity = { serial: 1, key: KEY };
  return buildStorageImage(BOARD, identity, change(await buildFirmware(BOARD)));
}

/** Puts the battery into a chip with the release bundle, or with the Storage of another one. */
export function start(
  level: "application" | "radio",
  storage?: Uint8Array,
  seed?: number,
): Promise<Chip> {
  return Chip.start({ level, storage: () => storage ?? release(), ...(seed ? { seed } : {}) });
}

/** The same, and lets it boot. */
export async function boot(level: "application" | "radio", storage?: Uint8Array): Promise<Chip> {
  const chip = await start(level, storage);
  await chip.run(BOOT_MILLISECONDS);
  return chip;
}

/** A wearer opens the sync window, and a desk comes. */
export async function visit<T>(chip: Chip, doWith: (token: TokenClient) => Promise<T>): Promise<T> {
  await chip.press(3.5);
  return chip.during(
    openToken(chip.radio, chip.timers, KEY).then(async (token) => {
      const result = await doWith(token);
      token.close();
      return result;
    }),
  );
}

/** A desk sets the clock to noon and switches the token on; the window closes. */
export async function switchOn(chip: Chip): Promise<void> {
  await visit(chip, async (token) => {
    await token.setClock(() => NOON);
    await token.setState("on", false);
  });
  await chip.run(WINDOW_MILLISECONDS);
}

/** Storage of a token that a desk has switched on. */
export async function storageSwitchedOn(storage?: Uint8Array): Promise<Uint8Array> {
  const chip = await boot("application", storage);
  await switchOn(chip);
  const changed = await chip.storage();
  await chip.end();
  return changed;
}

/** Boots a chip from a Storage in which the token is on; its clock is guessed. */
export async function bootSwitchedOn(level: "application" | "radio"): Promise<Chip> {
  return boot(level, await storageSwitchedOn());
}

/** When the sync window has closed next, in seconds of the chip: its blue light goes out. */
export async function windowClosed(chip: Chip): Promise<number> {
  for (;;) {
    const lights = await chip.runUntil("lights", WINDOW_MILLISECONDS);
    if (!lights) throw new Error("The sync window stays open");
    if (!lights.blue) return lights.time;
  }
}
