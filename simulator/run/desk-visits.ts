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
/** More open connections would not be faster, and take memory. */
const MOST_AT_ONCE = 64;

/**
 * Holds all buttons, serves each token under its card's key, and lets the sync windows close.
 *
 * @returns what `serve` returned, in the order of the tokens
 */
export async function visitDesks<T>(
  world: World,
  devices: readonly EspruinoDevice[],
  serve: (client: TokenClient, index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (let from = 0; from < devices.length; from += MOST_AT_ONCE) {
    const group = devices.slice(from, from + MOST_AT_ONCE);
    for (const device of group) device.press(PRESS_SECONDS);
    world.run(PRESS_SECONDS + 0.5);
    const visits = group.map(async (device, index) => {
      const client = await openToken(deskRadio(world, [device]), world.timers, cardKeyOf(device));
      try {
        return await serve(client, from + index);
      } finally {
        client.close();
      }
    });
    results.push(...(await world.drive(Promise.all(visits))));
    world.run(WINDOW_SECONDS);
  }
  return results;
}
