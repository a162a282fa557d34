/**
 * A visit of a simulated token to a desk.
 *
 * @module
 */
import { TokenClient } from "../companion/token/token-client.ts";
import { IDENTITY_BYTES, REGION_FILE, TOKEN_KEY_BYTES } from "../protocol/flash-layout.ts";
import type { EspruinoDevice } from "./espruino/device.ts";
import { readStorageFile } from "./espruino/storage.ts";
import { connectTo, type LinkFaults } from "./link.ts";
import type { World } from "./world.ts";

/** The token key that is on the card of a provisioned token. */
export function cardKeyOf(device: EspruinoDevice): Uint8Array {
  const region = readStorageFile(device.flash.bytes, REGION_FILE);
  if (!region) throw new Error("the token was not provisioned");
  return region.slice(IDENTITY_BYTES - TOKEN_KEY_BYTES, IDENTITY_BYTES);
}

/** Holds the button, serves the token under its card's key, and lets the sync window close. */
export async function atDesk<T>(
  world: World,
  device: EspruinoDevice,
  serve: (client: TokenClient) => Promise<T>,
  faults?: LinkFaults,
): Promise<T> {
  device.press(3.5);
  world.run(4);
  const link = connectTo(device, faults);
  try {
    const visit = async () => serve(await TokenClient.open(link, world.timers, cardKeyOf(device)));
    return await world.drive(visit());
  } finally {
    link.disconnect();
    world.run(61);
  }
}
