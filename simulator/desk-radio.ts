/**
 * What a desk's Bluetooth adapter would find among simulated tokens.
 *
 * @module
 */
import type { TokenRadio } from "../companion/token/gatt-link.ts";
import type { EspruinoDevice } from "./espruino/device.ts";
import { connectTo, type LinkFaults } from "./link.ts";
import type { World } from "./world.ts";

/** How long the adapter listens before it looks again, in milliseconds. */
const LISTENING = 200;

/** A radio that has these tokens in reach. */
export function deskRadio(
  world: World,
  devices: readonly EspruinoDevice[],
  faults?: LinkFaults,
): TokenRadio {
  return {
    async *links(milliseconds, refused, signal) {
      const end = world.timeline.now + milliseconds;
      while (world.timeline.now < end && !signal?.aborted) {
        for (const device of devices) {
          if (!device.isOn || !device.nrf.onAir()?.connectable) continue;
          if (!refused.has(device.nrf.address)) yield connectTo(device, faults);
        }
        await new Promise<void>((resolve) => world.timers.after(LISTENING, resolve));
      }
    },
  };
}
