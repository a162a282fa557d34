/**
 * Tokens whose wearers have met each other on every day of a fortnight: their logs are full.
 *
 * @module
 */
import { buildStorageImage } from "../companion/provisioning/storage-image.ts";
import { enrolVisit } from "../companion/visit/enrol-visit.ts";
import { buildFirmware } from "../firmware/build/bundle.ts";
import { TOKEN_KEY_BYTES } from "../protocol/flash-layout.ts";
import { atDesk } from "./at-desk.ts";
import type { EspruinoDevice } from "./espruino/device.ts";
import type { World } from "./world.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Hours together on each day; then everyone goes home. */
const TOGETHER = 12;
/** With so few, a log fills slowly, and every day leaves its mark. */
const NAMES = Array.from({ length: 4 }, (_, index) => `wearer ${index}`);

/**
 * Runs the built bundle on some Puck.js through the days that a log holds.
 *
 * @param days - 14 for a full log; 1 for what one day adds
 * @returns the tokens; afterwards their wearers are at home, out of each other's reach
 */
export async function fortnight(world: World, days = 14): Promise<EspruinoDevice[]> {
  const firmware = await buildFirmware("puckjs");
  const devices: EspruinoDevice[] = [];
  for (const [index, name] of NAMES.entries()) {
    const identity = {
      serial: index + 1,
      key: world.random.fork(`key ${name}`).bytes(TOKEN_KEY_BYTES),
    };
    const device = world.addToken(name, buildStorageImage("puckjs", identity, firmware));
    device.powerOn();
    await atDesk(world, device, (client) => enrolVisit(client, () => world.now));
    devices.push(device);
  }
  const started = world.now;
  for (let day = 0; day < days; day++) {
    sitTogether(world, TOGETHER);
    world.run(started + (day + 1) * DAY - world.now);
  }
  return devices;
}

/** Lets the wearers of {@link fortnight} sit together for some hours more, and go home. */
export function sitTogether(world: World, hours: number): void {
  NAMES.forEach((name, index) => {
    world.move(name, { site: "day room", room: "day room", x: index * 1.2, y: 0 });
  });
  world.run(hours * HOUR);
  for (const name of NAMES) world.move(name, undefined);
}
