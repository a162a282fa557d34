import { describe, expect, test } from "vitest";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import { enrolVisit } from "../../../companion/visit/enrol-visit.ts";
import { buildFirmware } from "../../../firmware/build/bundle.ts";
import { decodeLog } from "../../../protocol/encounter-log.ts";
import { RECORD_BYTES } from "../../../protocol/encounter-record.ts";
import { type BoardName, LAYOUTS } from "../../../protocol/flash-layout.ts";
import { atDesk } from "../../../simulator/at-desk.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { createRandom } from "../../../simulator/random.ts";
import { logSlots, readFlashLog } from "../../../simulator/run/flash-log.ts";
import { World } from "../../../simulator/world.ts";
import { HOUR } from "./small-world.ts";

const START = Date.UTC(2026, 5, 1, 6) / 1000;
const IDENTITY = { serial: 7, key: new Uint8Array(16).fill(0x5a) };

/** A token that was enrolled and hears as many others in each of its scans, of which each changes its identifier every ten minutes. */
async function crowdedToken(board: BoardName, neighbours: number) {
  const world = new World(START, `flash of ${board}`);
  const image = buildStorageImage(board, IDENTITY, await buildFirmware(board));
  const device = world.addToken("crowded", image, 0, board);
  device.powerOn();
  await atDesk(world, device, (client) => enrolVisit(client, () => world.now));
  device.onListened = () => {
    for (let neighbour = 0; neighbour < neighbours; neighbour++) {
      device.nrf.receive(beaconOf(neighbour, Math.floor(world.now / 600)), -60);
    }
  };
  return { world, device };
}

function beaconOf(neighbour: number, interval: number) {
  const random = createRandom(`${neighbour} ${interval}`);
  const head = [0x02, 0x01, 0x1a, 0x03, 0x03, 0x6f, 0xfd, 0x17, 0x16, 0x6f, 0xfd];
  const payload = Uint8Array.of(...head, ...random.bytes(16), 0x40, 0, 0, 0);
  return { address: "c0:00:00:00:00:01", payload, interval: 250, connectable: false };
}

/** Expects that flash holds what the token tells a desk. @returns slots in use */
async function compare(world: World, device: EspruinoDevice, board: BoardName): Promise<number> {
  return atDesk(world, device, async (client) => {
    const told = Uint8Array.from(await client.readLog());
    const log = readFlashLog(LAYOUTS[board], device.flash.bytes);
    expect(log.length % RECORD_BYTES).toBe(0);
    expect(Buffer.compare(inUse(told), log)).toBe(0);
    expect(decodeLog(log)).toEqual(decodeLog(told));
    return log.length / RECORD_BYTES;
  });
}

// Without what was read of slots that hold nothing: what is blank in flash, and zeros behind a gap in the positions.
function inUse(log: Uint8Array): Uint8Array {
  const slots: Uint8Array[] = [];
  for (let at = 0; at < log.length; at += RECORD_BYTES) {
    const slot = log.subarray(at, at + RECORD_BYTES);
    if (slot.some((byte) => byte !== 0) && slot.some((byte) => byte !== 0xff)) slots.push(slot);
  }
  return Buffer.concat(slots);
}

describe.each(Object.keys(LAYOUTS) as BoardName[])("on a %s", (board) => {
  test("flash holds the log that a desk reads, from an empty one on", async () => {
    const { world, device } = await crowdedToken(board, 12);
    expect(await compare(world, device, board)).toBe(0);
    let slots = 0;
    for (let hour = 0; hour < 4; hour++) {
      world.run(HOUR);
      const grown = await compare(world, device, board);
      expect(grown).toBeGreaterThan(slots);
      slots = grown;
    }
  });
});

test("that is so when pages were merged, and the log never has more slots than there is room for", async () => {
  const { world, device } = await crowdedToken("puckjs", 40);
  const room = logSlots(LAYOUTS.puckjs);
  expect(room).toBe(4 * 341);
  const fill: number[] = [];
  for (let hour = 0; hour < 16; hour++) {
    world.run(HOUR);
    fill.push(await compare(world, device, "puckjs"));
  }
  expect(Math.max(...fill)).toBeGreaterThan(room - 341);
  expect(Math.max(...fill)).toBeLessThanOrEqual(room);
  // Merging leaves fewer.
  expect(fill.filter((slots, hour) => slots < (fill[hour - 1] ?? 0)).length).toBeGreaterThan(0);
});

test("pages without a valid number, and those of the state, are no part of the log", () => {
  const layout = LAYOUTS.puckjs;
  const storage = new Uint8Array(layout.storagePages * 4096).fill(0xff);
  const begin = (layout.storagePages - layout.poolPages) * 4096;
  const page = (at: number, number: number, complement: number, slots: number[]): void => {
    const view = new DataView(storage.buffer, begin + at * 4096);
    view.setUint16(0, number, true);
    view.setUint16(2, complement, true);
    for (const [slot, byte] of slots.entries()) {
      const from = begin + at * 4096 + 4 + 12 * slot;
      storage.fill(byte, from, from + 12);
    }
  };
  page(0, 5, 5 ^ 0xffff, [6, 7]);
  page(1, 3, 3 ^ 0xffff, [1, 0xff, 2]);
  page(2, 0x8001, 0x8001 ^ 0xffff, [9]);
  page(3, 4, 4, [9]);
  page(4, 0, 0, [9]);
  const slots = [1, 0xff, 2, 6, 7];
  expect(readFlashLog(layout, storage)).toEqual(
    Uint8Array.from(slots.flatMap((byte) => Array(12).fill(byte))),
  );
});
