/**
 * A visit of a simulated token to a desk.
 *
 * @module
 */
import { openToken } from "../companion/token/open-token.ts";
import type { TokenClient } from "../companion/token/token-client.ts";
import { IDENTITY_BYTES, REGION_FILE, TOKEN_KEY_BYTES } from "../protocol/flash-layout.ts";
import { deskRadio } from "./desk-radio.ts";
import type { EspruinoDevice } from "./espruino/device.ts";
import { readStorageFile } from "./espruino/storage.ts";
import type { LinkFaults } from "./link.ts";
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
  const visit = async (): Promise<T> => {
    const radio = deskRadio(world, [device], faults);
    const client = await openToken(radio, world.timers, cardKeyOf(device));
    try {
      return await serve(client);
    } finally {
      client.close();
    }
  };
  try {
    return await world.drive(visit());
  } finally {
    world.run(61);
  }
}
