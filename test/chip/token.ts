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
/** Noon of 13 September 2020, in Unix seconds. */
export const NOON = 1_599_998_400;
/** Espruino has booted and run the bundle. */
const BOOT_MILLISECONDS = 5000;
/** Longer than a sync window is open. */
const WINDOW_MILLISECONDS = 65_000;

/** Starts a chip with the release bundle, or with the Storage of another one, and lets it boot. */
export async function boot(level: "application" | "radio", storage?: Uint8Array): Promise<Chip> {
  const chip = await Chip.start({
    level,
    storage: async ({ board }) =>
      storage ?? buildStorageImage(board, { serial: 1, key: KEY }, await buildFirmware(board)),
  });
  await chip.run(BOOT_MILLISECONDS);
  return chip;
}

/** A wearer opens the sync window, and a desk comes. */
export async function visit(
  chip: Chip,
  doWith: (token: TokenClient) => Promise<void>,
): Promise<void> {
  await chip.press(3.5);
  await chip.during(
    openToken(chip.radio, chip.timers, KEY).then(async (token) => {
      await doWith(token);
      token.close();
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
