import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import type { TokenClient } from "../../companion/token/token-client.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { atDesk } from "../../simulator/at-desk.ts";
import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import type { LinkFaults } from "../../simulator/link.ts";
import { World } from "../../simulator/world.ts";

/** Tuesday, 2026-06-02, 08:00 UTC. */
export const MORNING = Date.UTC(2026, 5, 2, 8) / 1000;

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 24 * HOUR;

const firmware = buildFirmware("puckjs");

/** A world of tokens that run the built bundle. */
export class Rig {
  readonly world: World;

  constructor(seed = "rig", start = MORNING) {
    this.world = new World(start, seed);
  }

  /** A provisioned token with power; its clock was never set. */
  async token(name: string, driftPpm = 0): Promise<EspruinoDevice> {
    const identity = { serial: 7, key: new Uint8Array(16).fill(0x5a) };
    const image = buildStorageImage("puckjs", identity, await firmware);
    const device = this.world.addToken(name, image, driftPpm);
    device.powerOn();
    return device;
  }

  /** A token whose clock is set and whose wearer has consented. */
  async wornToken(name: string): Promise<EspruinoDevice> {
    const device = await this.token(name);
    await this.atDesk(device, async (client) => {
      await client.setClock(() => this.world.now);
      await client.setState("on", false);
    });
    return device;
  }

  /** Opens the sync window and serves the token; the window has closed afterwards. */
  atDesk<T>(
    device: EspruinoDevice,
    serve: (client: TokenClient) => Promise<T>,
    faults?: LinkFaults,
  ): Promise<T> {
    return atDesk(this.world, device, serve, faults);
  }

  /** Lets wearers sit at a table for some minutes, so many metres apart. */
  sitTogether(names: readonly string[], minutes: number, metres: number): void {
    names.forEach((name, index) => {
      this.world.move(name, { site: "table", room: "room", x: index * metres, y: 0 });
    });
    this.world.run(minutes * MINUTE);
    for (const name of names) this.world.move(name, undefined);
  }
}

/** Whether a token's flash holds these bytes anywhere, whatever its firmware says. */
export function flashHolds(device: EspruinoDevice, bytes: Uint8Array): boolean {
  return Buffer.from(device.flash.bytes).includes(Buffer.from(bytes));
}
