/**
 * `npm run bench:sync`: how much goes over the air in a visit, and how long that takes, in virtual time on a link with a
 * connection interval of 15 ms and two notifications in each; and over a real Bluetooth stack, compared with a plain
 * stream of as many notifications.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BluetoothRadio } from "../../companion/bluetooth/bluetooth-radio.ts";
import { systemTimers } from "../../companion/timers.ts";
import type { TokenRadio } from "../../companion/token/gatt-link.ts";
import { openToken } from "../../companion/token/open-token.ts";
import type { TokenClient } from "../../companion/token/token-client.ts";
import { RECORD_BYTES } from "../../protocol/encounter-record.ts";
import { KEY_BYTES } from "../../protocol/messages.ts";
import { atDesk, cardKeyOf } from "../at-desk.ts";
import { TokenProcess } from "../ble/token-process.ts";
import { bumblePython, VirtualAir } from "../ble/virtual-air.ts";
import { deskRadio } from "../desk-radio.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import { fortnight, sitTogether } from "../fortnight.ts";
import { World } from "../world.ts";
import { Meter, metered } from "./metered-radio.ts";

const DAY = 86_400;
/** Slots of a full log, less what comes in an hour. */
const FULL = 1300;
/** Three hours after midnight UTC: today's key, cut short, is among those that are read. */
const START = Date.UTC(2026, 5, 2, 3) / 1000;
const RAW_STREAM = fileURLToPath(new URL("raw-stream.js", import.meta.url));
const TARGETS =
  "targets: at most 1.25 times the payload; 8 s for a full log and its keys, 2 s for a day's";

interface Transfer {
  readonly slots: number;
  readonly keys: number;
  readonly meter: Meter;
}

// What is said in a visit: a check, and consent and keys for sharing.
async function transfer(
  radio: TokenRadio,
  open: (radio: TokenRadio) => Promise<TokenClient>,
  now: () => number,
): Promise<Transfer> {
  const meter = new Meter();
  const client = await open(metered(radio, meter));
  try {
    const status = await client.status();
    const log = await client.readLog(undefined, status);
    await client.setClock(now);
    await client.writeExposure(status.exposure);
    await client.setState("on", true);
    const keys = await client.readKeys();
    await client.setState("on", false);
    return { slots: log.length / RECORD_BYTES, keys: keys.length, meter };
  } finally {
    client.close();
  }
}

function describe({ slots, keys, meter }: Transfer): string {
  const payload = slots * RECORD_BYTES + keys * KEY_BYTES;
  const share = (bytes: number): string => (bytes / payload).toFixed(2);
  return [
    `${slots} records, ${keys} keys: ${payload} bytes of payload`,
    `  on air ${meter.attributeBytes} bytes, ${share(meter.attributeBytes)} times the payload (values alone ${share(meter.values)}, with L2CAP's headers ${share(meter.linkBytes)})`,
  ].join("\n");
}

async function virtualVisit(days: number): Promise<void> {
  const world = new World(START, "bench");
  const [device] = (await fortnight(world, days)) as [EspruinoDevice];
  // As full as it gets: right before two pages are merged.
  while (days > 1 && (await slotsOf(world, device)) < FULL) sitTogether(world, 1);
  device.press(3.5);
  world.run(4);
  const began = world.now;
  const visit = transfer(
    deskRadio(world, [device]),
    (radio) => openToken(radio, world.timers, cardKeyOf(device)),
    () => world.now,
  );
  const result = await world.drive(visit);
  console.log(`${describe(result)}\n  ${(world.now - began).toFixed(2)} s of virtual time\n`);
}

async function slotsOf(world: World, device: EspruinoDevice): Promise<number> {
  const log = await atDesk(world, device, (client) => client.readLog());
  return log.length / RECORD_BYTES;
}

async function overRealStack(python: string): Promise<void> {
  // Its last day has just ended.
  const [device] = (await fortnight(new World(Date.now() / 1000 - 14 * DAY - 3600, "bench"))) as [
    EspruinoDevice,
  ];
  const folder = mkdtempSync(join(tmpdir(), "saqbol-bench-"));
  const air = await VirtualAir.open(python);
  const flash = join(folder, "flash");
  writeFileSync(flash, device.flash.bytes);
  try {
    const token = new TokenProcess(["--hold", "--adapter", air.tokenAdapter, "--flash", flash]);
    await token.told(({ event }) => event === "advertising");
    const desk = await BluetoothRadio.open(air.deskAdapter);
    let began = 0;
    const result = await transfer(
      desk,
      async (radio) => {
        const client = await openToken(radio, systemTimers, cardKeyOf(device));
        began = performance.now();
        return client;
      },
      () => Date.now() / 1000,
    );
    const seconds = (performance.now() - began) / 1000;
    await token.stop();
    const raw = await rawStream(desk, air.tokenAdapter, result.meter.notifications);
    await desk.close();
    console.log(
      `Over noble and bleno: ${seconds.toFixed(2)} s; as many notifications without a word between them: ${raw.toFixed(2)} s; ratio ${(seconds / raw).toFixed(1)}`,
    );
    if (air.complaints.length) throw new Error(air.complaints.join("\n"));
  } finally {
    air.close();
    rmSync(folder, { recursive: true });
  }
}

async function rawStream(desk: BluetoothRadio, adapter: string, count: number): Promise<number> {
  const stream = spawn(process.execPath, [RAW_STREAM, adapter], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise((resolve) => stream.stdout.once("data", resolve));
    for await (const link of desk.links(10_000, new Set())) {
      let left = count;
      const all = new Promise<void>((resolve) => {
        link.onNotification(() => {
          if (--left === 0) resolve();
        });
      });
      const request = Buffer.alloc(4);
      request.writeUInt32LE(count);
      const began = performance.now();
      await link.write(request);
      await all;
      link.disconnect();
      return (performance.now() - began) / 1000;
    }
    throw new Error("the stream was not found");
  } finally {
    stream.kill("SIGKILL");
  }
}

console.log(`Virtual link, MTU 53, 15 ms, two notifications in each; ${TARGETS}.\n`);
await virtualVisit(1);
await virtualVisit(14);
const python = bumblePython();
if (python) await overRealStack(python);
else
  console.log("Over a real stack: not measured; name a Python that has bumble in BUMBLE_PYTHON.");
process.exit();
