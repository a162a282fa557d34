/** `npm run bench:log -- FILE`: what a Puck.js's log still holds after 14 days of a contact trace. */
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { weightOf } from "../../companion/risk/corona-warn-app.ts";
import { DEFAULT_CORONA_WARN_APP } from "../../companion/risk/corona-warn-app-schema.ts";
import { enrolVisit } from "../../companion/visit/enrol-visit.ts";
import { buildFirmware, buildFor } from "../../firmware/build/bundle.ts";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { type FlashLayout, PUCKJS } from "../../protocol/flash-layout.ts";
import { atDesk } from "../at-desk.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import { createRadio } from "../radio.ts";
import { readTrace } from "../scenarios/contact-trace.ts";
import { World } from "../world.ts";
import { crowded, type Facing, facingIn } from "./facing.ts";
import { LAYOUT as LARGE } from "./large-layout.ts";

const LARGE_LOG = fileURLToPath(new URL("large-log.js", import.meta.url)).replace("/dist/", "/");
/** When in a scan a neighbour's two beacons arrive, in milliseconds. */
const PACKETS = [150, 400];
const LEAST_KEPT = 0.99;
/** In the second run everyone has the contacts of so many others as well. */
const CROWD = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
/** A midnight. */
const START = Date.UTC(2026, 5, 1) / 1000;

interface Options {
  readonly days: string;
  readonly seed: string;
}

/** What a token's log holds. */
interface Held {
  readonly records: number;
  /** Minutes, each weighted by its attenuation as in the desk's risk model. */
  readonly exposureMinutes: number;
  /** Whether it had to leave something out. */
  readonly wasFull: boolean;
}

async function liveThrough(
  trace: Facing,
  options: Options,
  firmware: string,
  layout: FlashLayout,
  name: string,
): Promise<Held[]> {
  const world = new World(START, `log ${options.seed}`);
  const radio = createRadio(world.random.fork("contacts"));
  const distances = world.random.fork("distances");
  const devices = new Map<string, EspruinoDevice>();

  // Whoever faces the wearer is between half a metre and two metres away.
  function hear(person: string, receiver: EspruinoDevice): void {
    for (const other of trace.facing(person, world.now - START)) {
      const x = 0.5 + 1.5 * distances.uniform();
      const here = { site: "", room: "", x: 0, y: 0 };
      const mean = radio.meanRssi(other, { ...here, x }, person, here, 0);
      for (const delay of PACKETS) {
        world.timeline.after(delay, () => {
          const packet = devices.get(other)?.nrf.onAir();
          const rssi = mean === undefined ? undefined : radio.packetRssi(mean);
          if (packet && rssi !== undefined) receiver.nrf.receive(packet, rssi);
        });
      }
    }
  }

  for (const [index, person] of trace.persons.entries()) {
    const identity = { serial: index, key: new Uint8Array(16) };
    const device = world.addToken(person, buildStorageImage("puckjs", identity, firmware, layout));
    devices.set(person, device);
    device.powerOn();
    await atDesk(world, device, (client) => enrolVisit(client, () => world.now));
    device.onScanStart = () => hear(person, device);
  }
  const end = world.now + Number(options.days) * DAY;
  while (world.now < end) {
    world.run(Math.min(HOUR, end - world.now));
    const done = 1 - (end - world.now) / (Number(options.days) * DAY);
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${Math.round(100 * done)} % `);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");

  const held: Held[] = [];
  for (const device of devices.values()) {
    held.push(
      await atDesk(world, device, async (client) => {
        const { logFull } = await client.status();
        const log = decodeLog(await client.readLog());
        const exposureMinutes = log.reduce(
          (sum, { minutes, bestRssi }) =>
            sum + minutes * weightOf(-bestRssi, DEFAULT_CORONA_WARN_APP),
          0,
        );
        return { records: log.length, exposureMinutes, wasFull: logFull };
      }),
    );
  }
  return held;
}

const program = new Command("bench:log")
  .description("Compares a Puck.js's log after some days of a contact trace with an unlimited one.")
  .argument("<file>", "lines of `t i j`, 20-second contacts; repeated when it is too short")
  .option("--days <number>", "days to live through", "14")
  .option("--seed <text>", "another world", "1");
program.parse();
const options = program.opts<Options>();
const file = readTrace(program.args[0] as string);
const trace = facingIn(file);
console.log(
  `${file.persons.length} persons, ${file.from.length} contacts of 20 seconds in ${file.days} days, ` +
    `repeated for ${options.days} days.`,
);

const firmware = await buildFirmware("puckjs");
const firmwareWithoutLimit = await buildFor(LARGE_LOG);
const sum = (held: readonly Held[]) => held.reduce((all, each) => all + each.exposureMinutes, 0);
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

// Returns the share of exposure minutes that the logs have kept.
async function compare(title: string, contacts: Facing): Promise<number> {
  const real = await liveThrough(contacts, options, firmware, PUCKJS, "Puck.js");
  const unlimited = await liveThrough(contacts, options, firmwareWithoutLimit, LARGE, "unlimited");
  const shares = real.map(({ exposureMinutes }, index) => {
    const all = unlimited[index]?.exposureMinutes ?? 0;
    return all ? exposureMinutes / all : 1;
  });
  const fullest = (held: readonly Held[]) => Math.max(...held.map((each) => each.records));
  if (!sum(unlimited)) throw new Error("Nobody was heard: is this a trace of contacts?");
  console.log(`\n${title}`);
  console.log(`Records of the fullest unlimited log:  ${fullest(unlimited)}`);
  console.log(`Records of the fullest Puck.js log:    ${fullest(real)}`);
  console.log(
    `Logs that had to leave something out:  ${real.filter((each) => each.wasFull).length}`,
  );
  console.log(`Exposure minutes kept, of all:         ${percent(sum(real) / sum(unlimited))}`);
  console.log(`Exposure minutes kept, worst wearer:   ${percent(Math.min(...shares))}`);
  return sum(real) / sum(unlimited);
}

const kept = await compare("As it is (limit 99 %)", trace);
if (kept < LEAST_KEPT) process.exitCode = 1;
await compare(
  `Everyone meets the contacts of ${CROWD} others too, so that logs overflow`,
  crowded(trace, CROWD),
);
