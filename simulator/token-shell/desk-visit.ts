/**
 * A desk that serves a token whose sync window is open.
 *
 * @module
 */
import type { TokenRadio } from "../../companion/token/gatt-link.ts";
import { openToken } from "../../companion/token/open-token.ts";
import type { TokenClient } from "../../companion/token/token-client.ts";
import { cardKeyOf } from "../at-desk.ts";
import { deskRadio } from "../desk-radio.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import type { World } from "../world.ts";

/** How often the token is looked at while a desk lets time pass, in milliseconds. */
const GLANCE = 20;

/**
 * Serves a token under its card's key.
 *
 * @param connection - told when a desk has connected, and when it has gone
 * @param look - called every few milliseconds of virtual time
 * @throws Failure those of the token and of `serve`
 */
export async function serveToken<T>(
  world: World,
  device: EspruinoDevice,
  serve: (client: TokenClient) => Promise<T>,
  connection: (isConnected: boolean) => void,
  look: () => void,
): Promise<T> {
  const inReach = deskRadio(world, [device]);
  const radio: TokenRadio = {
    async *links(...search) {
      for await (const link of inReach.links(...search)) {
        connection(true);
        yield link;
      }
    },
  };
  const visit = async (): Promise<T> => {
    try {
      const client = await openToken(radio, world.timers, cardKeyOf(device));
      try {
        return await serve(client);
      } finally {
        client.close();
      }
    } finally {
      connection(false);
    }
  };
  const glance = (): void => {
    look();
    event = world.timeline.after(GLANCE, glance);
  };
  let event = world.timeline.after(GLANCE, glance);
  try {
    return await world.drive(visit());
  } finally {
    world.timeline.cancel(event);
  }
}
