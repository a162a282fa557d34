/**
 * Desk visits of many tokens at the same time, each at a desk of its own.
 *
 * @module
 */
import { openToken } from "../../companion/token/open-token.ts";
import type { TokenClient } from "../../companion/token/token-client.ts";
import { cardKeyOf } from "../at-desk.ts";
import { deskRadio } from "../desk-radio.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import type { World } from "../world.ts";

/** Long enough to open the sync window, and short enough not to pause. */
const PRESS_SECONDS = 3.5;
/** After the last request a sync window stays open for a minute. */
const WINDOW_SECONDS = 61;

/**
 * Holds all buttons, serves each token under its card's key, and lets the sync windows close.
 *
 * @param closed - called when a token's window has closed, which does not depend on how long others' visits take
 * @returns what `serve` returned, in the order of the tokens
 */
export async function visitDesks<T>(
  world: World,
  devices: readonly EspruinoDevice[],
  serve: (client: TokenClient, index: number) => Promise<T>,
  closed: (index: number) => void = () => {},
): Promise<T[]> {
  for (const device of devices) device.press(PRESS_SECONDS);
  world.run(PRESS_SECONDS + 0.5);
  const visits = devices.map(async (device, index) => {
    const client = await openToken(deskRadio(world, [device]), world.timers, cardKeyOf(device));
    try {
      return await serve(client, index);
    } finally {
      client.close();
      await new Promise<void>((done) => world.timers.after(1000 * WINDOW_SECONDS, done));
      closed(index);
    }
  });
  return world.drive(Promise.all(visits));
}
