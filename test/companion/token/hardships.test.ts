import { describe, expect, test } from "vitest";
import type { TokenClient } from "../../../companion/token/token-client.ts";
import { expectFailure } from "../../support/expect-failure.ts";
import { DAY, HOUR, MINUTE, Rig } from "../../support/rig.ts";

const TOLERANCE = 5 * MINUTE;

/** Moves a token's clock by steps until it refuses one, at most 30; by how much it was moved in all. */
async function walk(rig: Rig, client: TokenClient, step: number): Promise<number> {
  const error = async () => (await client.status()).time - rig.world.now;
  const before = await error();
  for (let steps = 0; steps < 30; steps++) {
    const wanted = (await error()) + step;
    try {
      await client.setClock(() => rig.world.now + wanted);
    } catch (refused) {
      await expectFailure(Promise.reject(refused), "clock-refused");
      break;
    }
  }
  return (await error()) - before;
}

describe("a running clock", () => {
  test("is moved by so much and no more, in however many steps", async () => {
    for (const [step, most] of [
      [HOUR, 12 * HOUR],
      [-10 * MINUTE, -2 * HOUR],
    ] as const) {
      const rig = new Rig();
      const device = await rig.wornToken("A");
      rig.world.run(HOUR);
      const moved = await rig.atDesk(device, (client) => walk(rig, client, step));
      expect(Math.abs(moved)).toBeLessThan(Math.abs(most) + TOLERANCE);
      expect(Math.abs(moved)).toBeGreaterThan(Math.abs(most) - Math.abs(step) - TOLERANCE);
    }
  });

  test("is moved by a day at most in a fortnight, visited every day", async () => {
    const rig = new Rig();
    const device = await rig.wornToken("A");
    let moved = 0;
    for (let day = 0; day < 14; day++) {
      rig.world.run(DAY);
      moved += await rig.atDesk(device, (client) => walk(rig, client, HOUR / 2));
    }
    expect(moved).toBeGreaterThan(12 * HOUR);
    expect(moved).toBeLessThanOrEqual(DAY);
  });
});

test("a name without a length, which kills Espruino's own parser, leaves a token alone", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const malformed = [[0, 8, 0], [0, 9, 0], [2, 1, 6, 0, 9], [2, 0x16, 0x6f, 0xfd], []];
  let taken = 0;
  for (let tenth = 0; tenth < 2 * HOUR * 10; tenth++) {
    rig.world.run(0.1);
    for (const bytes of malformed) {
      const payload = Uint8Array.from(bytes);
      const packet = { address: "c0:00:00:00:00:09", payload, interval: 250, connectable: false };
      if (device.nrf.receive(packet, -60)) taken++;
    }
  }
  expect(taken).toBeGreaterThan(100);
  expect(device.nrf.onAir()).toBeDefined();
  const status = await rig.atDesk(device, (client) => client.status());
  expect(status).toMatchObject({ state: "on", failures: 0, restarts: 0 });
});

test("a token that hangs is restarted with its clock and state, and tells the desk", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(HOUR);
  device.hang();
  rig.world.run(11 * MINUTE);
  rig.world.run(40 * MINUTE);
  expect(device.nrf.onAir()).toBeDefined();
  const status = await rig.atDesk(device, (client) => client.status());
  expect(status).toMatchObject({ state: "on", restarts: 1, clockDoubtful: false });
  expect(Math.abs(status.time - rig.world.now)).toBeLessThan(15 * MINUTE);
});
