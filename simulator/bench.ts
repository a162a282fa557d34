/** `npm run bench:sim`: how fast virtual time passes. */
import { randomBytes } from "node:crypto";
import { buildStorageImage } from "../companion/provisioning/storage-image.ts";
import { enrolVisit } from "../companion/visit/enrol-visit.ts";
import { buildFirmware } from "../firmware/build/bundle.ts";
import { atDesk } from "./at-desk.ts";
import { World } from "./world.ts";

const HOURS = 24;

const firmware = await buildFirmware("puckjs");

// Token-hours of virtual time in a second of real time.
async function measure(tokens: number, together: boolean): Promise<number> {
  const world = new World(Date.UTC(2026, 5, 2) / 1000, "bench");
  for (let index = 0; index < tokens; index++) {
    const name = `token ${index}`;
    const image = buildStorageImage("puckjs", { serial: index, key: randomBytes(16) }, firmware);
    const device = world.addToken(name, image);
    device.powerOn();
    await atDesk(world, device, (client) => enrolVisit(client, () => world.now));
    if (together) world.move(name, { site: "hall", room: "hall", x: index % 10, y: index / 10 });
  }
  world.run(120);
  const start = performance.now();
  world.run(HOURS * 3600);
  return (tokens * HOURS) / ((performance.now() - start) / 1000);
}

await measure(3, true);
console.log(`One day of virtual time, real bundle (${firmware.length} bytes), one core:`);
for (const [tokens, together] of [
  [1, false],
  [100, false],
  [3, true],
  [30, true],
] as const) {
  const speed = await measure(tokens, together);
  const what = `${tokens} token(s) ${together ? "in one room" : "alone"}`;
  const ratio = Math.round((speed / tokens) * 3600);
  console.log(
    `${what.padEnd(24)} ${Math.round(speed).toString().padStart(7)} token-hours/s, ` +
      `${ratio.toLocaleString("en")} times real time`,
  );
}
