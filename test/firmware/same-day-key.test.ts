import { expect, test } from "vitest";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import { SyncChannel } from "../../companion/token/sync-channel.ts";
import type { TokenClient, TokenKey } from "../../companion/token/token-client.ts";
import { INTERVALS_PER_DAY, intervalAt } from "../../protocol/intervals.ts";
import { deriveRpi, hkdf16, RPIK_INFO } from "../../protocol/key-schedule.ts";
import {
  CONSENT_PUBLISH,
  encode,
  KEYS_BYTES,
  ON,
  READ_KEYS,
  RESPONSE,
  SET_STATE,
  SET_STATE_LAYOUT,
} from "../../protocol/messages.ts";
import { cardKeyOf } from "../../simulator/at-desk.ts";
import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import { connectTo } from "../../simulator/link.ts";
import { DAY, flashHolds, HOUR, MINUTE, MORNING, Rig } from "../support/rig.ts";
import { toHex } from "../support/vectors.ts";

const TODAY = intervalAt(MORNING) - (intervalAt(MORNING) % INTERVALS_PER_DAY);

interface OnAir {
  /** When it was last seen, in Unix seconds. */
  until: number;
  readonly address: string;
  readonly rpi: string;
  readonly aem: string;
}

// Notes each beacon that the token sends, for as long as the world runs.
function listen(rig: Rig, device: EspruinoDevice): OnAir[] {
  const heard: OnAir[] = [];
  const look = () => {
    const onAir = device.isOn ? device.nrf.onAir() : undefined;
    if (onAir && !onAir.connectable) {
      const payload = toHex(onAir.payload);
      const rpi = payload.slice(16, 48);
      const last = heard.at(-1);
      if (last?.address === onAir.address && last.rpi === rpi) last.until = rig.world.now;
      else {
        const { address } = onAir;
        heard.push({ until: rig.world.now, address, rpi, aem: payload.slice(48) });
      }
    }
    rig.world.timeline.after(1000, look);
  };
  look();
  return heard;
}

const readKeys = async (client: TokenClient): Promise<TokenKey[]> => {
  await client.setState("on", true);
  return client.readKeys();
};
const share = (rig: Rig, device: EspruinoDevice) => rig.atDesk(device, readKeys);

// The keys of a day by their periods.
const keysOf = (keys: readonly TokenKey[], start: number) =>
  keys
    .filter((key) => key.rollingStartIntervalNumber === start)
    .sort((a, b) => a.rollingPeriod - b.rollingPeriod);

// The RPIs of a key, by interval.
function rpisOf({ keyData, rollingStartIntervalNumber, rollingPeriod }: TokenKey) {
  const rpik = hkdf16(nodePrimitives, keyData, RPIK_INFO);
  return new Map(
    Array.from({ length: rollingPeriod }, (_, index) => {
      const interval = rollingStartIntervalNumber + index;
      return [toHex(deriveRpi(nodePrimitives, rpik, interval)), interval] as const;
    }),
  );
}

// A token that is worn from the morning on, and shares its keys at 15:00.
async function sharedAtThree() {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const heard = listen(rig, device);
  rig.world.run(MORNING + 7 * HOUR - rig.world.now);
  const before = heard.length;
  const keys = await share(rig, device);
  return { rig, device, heard, before, keys };
}

test("today's key is handed out cut short, up to the last interval that it was used for", async () => {
  const { heard, before, keys } = await sharedAtThree();
  expect(keys).toHaveLength(1);
  const [cut] = keys as [TokenKey];
  expect(cut.rollingStartIntervalNumber).toBe(TODAY);
  const rpis = rpisOf(cut);
  const intervals = heard.slice(0, before).map(({ rpi }) => rpis.get(rpi));
  expect(intervals).not.toContain(undefined);
  expect(TODAY + cut.rollingPeriod).toBe(intervals.at(-1)! + 1);
});

test("no identifier of a key that was cut is sent again, and no interval is used twice", async () => {
  const { rig, device, heard, before, keys } = await sharedAtThree();
  const cutAt = rig.world.now;
  rig.world.run(2 * DAY - 15 * HOUR);
  const [cut, following] = keysOf(await share(rig, device), TODAY) as [TokenKey, TokenKey];
  expect(cut).toEqual(keys[0]);
  expect(following.rollingPeriod).toBe(INTERVALS_PER_DAY);
  const [old, fresh] = [rpisOf(cut), rpisOf(following)];

  const later = heard.slice(before).filter(({ rpi }) => old.has(rpi));
  expect(later).toEqual([]);
  for (const { rpi, until } of heard) if (old.has(rpi)) expect(until).toBeLessThan(cutAt);
  const used = heard.flatMap(({ rpi }) => old.get(rpi) ?? fresh.get(rpi) ?? []);
  expect(used.length).toBeGreaterThan(50);
  expect(used).toEqual([...new Set(used)].sort((a, b) => a - b));
  expect(heard.slice(before, before + 3).every(({ rpi }) => fresh.has(rpi))).toBe(true);
  for (const field of ["address", "rpi", "aem"] as const) {
    expect(new Set(heard.map((each) => each[field])).size).toBe(heard.length);
  }
});

test.each([0, 3, 6, 9, 12])(
  "after the cut the token is silent to the end of the interval at most (%i minutes later)",
  async (minutes) => {
    const rig = new Rig();
    const device = await rig.wornToken("A");
    rig.world.run(HOUR + minutes * MINUTE);
    const [cut] = await share(rig, device);
    const end = 600 * (TODAY + cut!.rollingPeriod);
    rig.world.run(Math.max(0, end - rig.world.now) + 1);
    expect(device.nrf.onAir()?.connectable).toBe(false);
  },
);

test("who reads again the same day gets the very same key, and none is cut once more", async () => {
  const { rig, device, keys } = await sharedAtThree();
  for (const wait of [0, 20 * MINUTE, 5 * HOUR]) {
    rig.world.run(wait);
    expect(await share(rig, device)).toEqual(keys);
  }
  device.powerOff();
  device.powerOn();
  rig.world.run(20 * MINUTE);
  await rig.atDesk(device, (client) => client.setClock(() => rig.world.now));
  expect(await share(rig, device)).toEqual(keys);
});

test("yesterday's key is handed out as soon as its day is over, whole", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(DAY - 8 * HOUR + 30 * MINUTE);
  const keys = await share(rig, device);
  expect(keysOf(keys, TODAY)).toMatchObject([{ rollingPeriod: INTERVALS_PER_DAY }]);
  // Of today's there are only the intervals since midnight.
  const [today] = keysOf(keys, TODAY + INTERVALS_PER_DAY);
  expect(today!.rollingPeriod).toBeLessThanOrEqual(4);
});

test("while a key that was cut is kept, another day's is not cut, and comes whole once its day is over", async () => {
  const { rig, device, keys } = await sharedAtThree();
  rig.world.run(3 * DAY);
  const thirdDay = TODAY + 3 * INTERVALS_PER_DAY;
  const some = await share(rig, device);
  expect(keysOf(some, TODAY)).toMatchObject([keys[0], { rollingPeriod: INTERVALS_PER_DAY }]);
  expect(keysOf(some, thirdDay)).toEqual([]);
  expect(some).toHaveLength(4);
  rig.world.run(DAY);
  const more = await share(rig, device);
  expect(keysOf(more, thirdDay)).toMatchObject([{ rollingPeriod: INTERVALS_PER_DAY }]);
  for (const start of more.map((key) => key.rollingStartIntervalNumber)) {
    expect(keysOf(more, start).length).toBeLessThanOrEqual(2);
  }
});

test("a key that was cut is gone from flash 14 days after its end; then today's can be cut again", async () => {
  const { rig, device, keys } = await sharedAtThree();
  const [cut] = keys as [TokenKey];
  const end = 600 * (TODAY + cut.rollingPeriod);
  rig.world.run(end + 14 * DAY - rig.world.now - 1);
  expect(flashHolds(device, cut.keyData)).toBe(true);
  rig.world.run(HOUR + 1);
  expect(flashHolds(device, cut.keyData)).toBe(false);
  const later = await share(rig, device);
  const today = TODAY + 14 * INTERVALS_PER_DAY;
  const [again] = keysOf(later, today);
  expect(again!.rollingPeriod).toBeLessThan(INTERVALS_PER_DAY);
  expect(keysOf(later, TODAY)).toMatchObject([{ rollingPeriod: INTERVALS_PER_DAY }]);
});

test("a paused token's key is cut, too, and it stays silent until it goes on, with another key", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const heard = listen(rig, device);
  rig.world.run(2 * HOUR);
  await rig.atDesk(device, (client) => client.setState("paused", false));
  rig.world.run(HOUR);
  const [cut] = await rig.atDesk(device, async (client) => {
    await client.setState("paused", true);
    return client.readKeys();
  });
  const old = rpisOf(cut!);
  expect(heard.every(({ rpi }) => old.has(rpi))).toBe(true);
  const before = heard.length;
  rig.world.run(HOUR);
  expect(heard).toHaveLength(before);
  await rig.atDesk(device, (client) => client.setState("on", false));
  rig.world.run(HOUR);
  const later = heard.slice(before);
  expect(later.length).toBeGreaterThan(2);
  expect(later.some(({ rpi }) => old.has(rpi))).toBe(false);
});

test("flash that does not take the cut hands out nothing and changes nothing; the next try does it", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(2 * DAY);
  const attempt = rig.atDesk(device, async (client) => {
    await client.setState("on", true);
    device.flash.failing = true;
    try {
      return await client.readKeys();
    } finally {
      device.flash.failing = false;
    }
  });
  await expect(attempt).rejects.toMatchObject({ code: "flash-failed" });
  rig.world.run(30 * MINUTE);
  const onAir = toHex(device.nrf.onAir()!.payload).slice(16, 48);
  const keys = await share(rig, device);
  expect(keys).toHaveLength(3);
  // What was on air before the second try is the cut key's.
  expect(rpisOf(keys.at(-1)!).has(onAir)).toBe(true);
});

test("without memory to derive from the other key, nothing comes back on air until there is", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const heard = listen(rig, device);
  rig.world.run(3 * HOUR);
  // What is on air must be of an interval that is over, so that there is something to derive at once.
  while (intervalAt(heard.at(-2)!.until) === intervalAt(rig.world.now)) rig.world.run(MINUTE);
  const { timeline } = rig.world;
  const { module } = device.flash;
  const { write } = module;
  // With the press of the button, the beacon goes silent.
  const opened = rig.world.now + 4;
  let hasFailed = false;
  const [cut] = await rig.atDesk(device, async (client) => {
    await client.setState("on", true);
    // From the cut until the token has failed, and again until the window has long been closed.
    module.write = (data, address) => {
      module.write = write;
      device.isFull = true;
      write(data, address);
    };
    const after = timeline.after.bind(timeline);
    timeline.after = (milliseconds, action) => {
      if (device.isFull && milliseconds === 60_000) {
        timeline.after = after;
        hasFailed = true;
        device.isFull = false;
        after(8000, () => {
          device.isFull = true;
        });
        after(150_000, () => {
          device.isFull = false;
        });
      }
      return after(milliseconds, action);
    };
    return client.readKeys();
  });
  expect(hasFailed).toBe(true);
  const old = rpisOf(cut!);
  rig.world.run(2 * HOUR);
  expect(heard.some(({ rpi, until }) => old.has(rpi) && until >= opened)).toBe(false);
  expect(old.has(heard.at(-1)!.rpi)).toBe(false);
  expect(heard.at(-1)!.until).toBeGreaterThan(rig.world.now - 5);
});

test("a clock that was set back leaves the end of today's key where it was used", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  rig.world.run(3 * HOUR);
  const [cut] = await rig.atDesk(device, async (client) => {
    const { lastInterval } = await client.status();
    await client.setClock(() => rig.world.now - HOUR);
    const keys = await readKeys(client);
    expect(TODAY + keys[0]!.rollingPeriod).toBe(lastInterval + 1);
    return keys;
  });
  const heard = listen(rig, device);
  rig.world.run(2 * HOUR);
  const old = rpisOf(cut!);
  expect(heard.length).toBeGreaterThan(2);
  expect(heard.some(({ rpi }) => old.has(rpi))).toBe(false);
});

test("a response has as many bytes, however many keys there are", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const consent = encode(SET_STATE, 1, SET_STATE_LAYOUT, [ON, CONSENT_PUBLISH]);
  const read = async () => {
    device.press(3.5);
    rig.world.run(4);
    const link = connectTo(device);
    const visit = async () => {
      const channel = await SyncChannel.open(link, rig.world.timers, cardKeyOf(device));
      await channel.request(() => consent);
      return channel.request(() => encode(READ_KEYS, 2, "", []));
    };
    const response = await rig.world.drive(visit());
    link.disconnect();
    rig.world.run(61);
    return response;
  };
  for (const wait of [0, HOUR, 5 * DAY, 20 * DAY]) {
    rig.world.run(wait);
    const response = await read();
    expect([...response.subarray(0, 2)]).toEqual([READ_KEYS | RESPONSE, 2]);
    expect(response).toHaveLength(2 + KEYS_BYTES);
  }
});
