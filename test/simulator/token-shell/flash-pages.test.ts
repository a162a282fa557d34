import { expect, test } from "vitest";
import { decodeLog } from "../../../protocol/encounter-log.ts";
import { PAGE_BYTES } from "../../../protocol/flash-layout.ts";
import {
  pageBytes,
  poolOf,
  readPage,
  readPages,
  storedIn,
} from "../../../simulator/token-shell/flash-pages.ts";
import { DAY, Rig } from "../../support/rig.ts";

test("flash holds what the token tells a desk: state, log and keys", async () => {
  const rig = new Rig("flash pages");
  const a = await rig.wornToken("A");
  await rig.wornToken("B");
  for (let day = 0; day < 3; day++) {
    rig.sitTogether(["A", "B"], 90, 2);
    rig.world.run(DAY);
  }
  const { status, log, keys } = await rig.atDesk(a, async (client) => {
    await client.setState("on", true);
    const status = await client.status();
    return { status, log: await client.readLog(), keys: await client.readKeys() };
  });
  const pages = readPages(poolOf("puckjs", a.flash.bytes));
  const stored = storedIn(pages)!;
  expect(stored.state).toBe("on");
  expect(stored.epoch).toBe(status.clockEpoch);
  expect(stored.isGuessed).toBe(false);
  expect(stored.zone).toBe(0 - new Date().getTimezoneOffset() / 15);
  expect(stored.lastInterval).toBeGreaterThanOrEqual(status.lastInterval);
  expect(stored.isTorn).toBe(false);
  const held = stored.keys.map(({ keyData }) => Buffer.from(keyData).toString("hex"));
  expect(keys).toHaveLength(4);
  for (const { keyData } of keys) expect(held).toContain(Buffer.from(keyData).toString("hex"));

  const slots = pages.flatMap((page) => (page.kind === "log" ? page.slots : []));
  const encounters = slots.flatMap((slot) => (slot.kind === "encounter" ? [slot.encounter] : []));
  expect(encounters.length).toBeGreaterThan(30);
  expect(encounters).toEqual(decodeLog(log));
  expect(pages.filter(({ kind }) => kind === "state")).toHaveLength(1);
});

test("a power loss is read as the token reads it, in another epoch", async () => {
  const rig = new Rig("power loss");
  const a = await rig.wornToken("A");
  rig.world.run(DAY / 2);
  a.powerOff();
  a.powerOn();
  const stored = storedIn(readPages(poolOf("puckjs", a.flash.bytes)))!;
  const status = await rig.atDesk(a, (client) => client.status());
  expect(status.clockDoubtful).toBe(true);
  expect(stored).toMatchObject({ isGuessed: true, epoch: status.clockEpoch, state: "on" });
});

test("what is neither valid nor blank is told apart, and a change that was cut short", async () => {
  const rig = new Rig("torn");
  const a = await rig.wornToken("A");
  const pool = poolOf("puckjs", a.flash.bytes);
  const at = readPages(pool).findIndex(({ kind }) => kind === "state");
  const page = Buffer.from(pageBytes(pool, at));
  const whole = readPage(page);
  if (whole.kind !== "state") throw new Error("no state");
  page.writeUInt32LE(0x0004_0004, whole.stored!.used);
  expect(readPage(page)).toMatchObject({ kind: "state", stored: { isTorn: true, state: "on" } });
  page[100]! ^= 1;
  expect(readPage(page)).toEqual({ kind: "state", number: whole.number, stored: undefined });
  page.writeUInt32LE(0, 0);
  expect(readPage(page)).toEqual({ kind: "invalid" });
  expect(readPage(new Uint8Array(PAGE_BYTES).fill(0xff))).toEqual({ kind: "blank" });
});
