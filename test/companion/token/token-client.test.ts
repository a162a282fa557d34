import { expect, test } from "vitest";
import { TokenClient } from "../../../companion/token/token-client.ts";
import {
  EPOCHS_BYTES,
  encode,
  KEYS_BYTES,
  READ_KEYS,
  RESPONSE,
  STATUS,
  STATUS_LAYOUT,
} from "../../../protocol/messages.ts";
import type { LinkFaults } from "../../../simulator/link.ts";
import { createRandom } from "../../../simulator/random.ts";
import { expectFailure } from "../../support/expect-failure.ts";
import { DAY, HOUR, Rig } from "../../support/rig.ts";
import { KEY_VECTORS } from "../../support/sync-vectors.ts";
import { fromHex } from "../../support/vectors.ts";

async function tokenWithLog(rig: Rig) {
  const a = await rig.wornToken("A");
  await rig.wornToken("B");
  rig.sitTogether(["A", "B"], 6 * 60, 1);
  rig.world.run(4 * DAY);
  return a;
}

// Fails every so many times.
const every = (count: number): (() => boolean) => {
  let calls = 0;
  return () => ++calls % count === 0;
};

test("a log is read whole, with progress by records", async () => {
  const rig = new Rig();
  const device = await tokenWithLog(rig);
  const progress: [number, number][] = [];
  const [log, status] = await rig.atDesk(device, async (client) => [
    await client.readLog((read, all) => progress.push([read, all])),
    await client.status(),
  ]);
  const records = status.logEnd - status.logStart;
  expect(log).toHaveLength(12 * records);
  expect(records).toBeGreaterThan(50);
  expect(progress.at(-1)).toEqual([records, records]);
  expect(progress.length).toBeGreaterThan(1);
});

test("lost notifications are asked for again", async () => {
  const rig = new Rig();
  const device = await tokenWithLog(rig);
  const whole = await rig.atDesk(device, (client) => client.readLog());
  const faults: LinkFaults = { loseNotification: every(23) };
  const patched = await rig.atDesk(device, (client) => client.readLog(), faults);
  expect(Buffer.from(patched).equals(whole)).toBe(true);
});

test("one frame in ten lost on average is made up for by repeated responses", async () => {
  const rig = new Rig();
  const device = await tokenWithLog(rig);
  const whole = await rig.atDesk(device, (client) => client.readLog());
  const random = createRandom("loss");
  let complete = 0;
  for (let visit = 0; visit < 20; visit++) {
    const faults: LinkFaults = { loseNotification: () => random.uniform() < 0.1 };
    const log = await rig
      .atDesk(device, (client) => client.readLog(), faults)
      .catch(() => undefined);
    if (log && Buffer.from(log).equals(whole)) complete++;
  }
  expect(complete).toBeGreaterThanOrEqual(18);
});

test("a token that never answers fails with what to do", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  let deaf = false;
  const faults: LinkFaults = { loseNotification: () => deaf };
  const attempt = rig.atDesk(
    device,
    (client) => {
      deaf = true;
      return client.status();
    },
    faults,
  );
  await expect(attempt).rejects.toMatchObject({
    code: "token-silent",
    message: expect.stringMatching(/hold its button until the blue light comes on/),
  });
});

test("a link that drops in the middle of reading keys fails in one sentence and changes nothing", async () => {
  const rig = new Rig();
  const device = await tokenWithLog(rig);
  const before = await rig.atDesk(device, (client) => client.status());
  for (const notification of [1, 4, 7, 8]) {
    let reading = false;
    let count = 0;
    const faults: LinkFaults = {
      cutBeforeNotification: () => reading && ++count >= notification,
    };
    const attempt = rig.atDesk(
      device,
      async (client) => {
        await client.setState("on", true);
        reading = true;
        return client.readKeys();
      },
      faults,
    );
    // Keys take seven notifications, however many there are, so the last cut never comes.
    if (notification === 8) await expect(attempt).resolves.toHaveLength(5);
    else await expect(attempt).rejects.toMatchObject({ code: "link-lost" });
  }
  const after = await rig.atDesk(device, (client) => client.status());
  expect(after).toMatchObject({ state: "on", publishConsent: false, exposure: before.exposure });
  expect(after.logEnd).toBe(before.logEnd);
});

test("keys come with the start of their day and the period that they were used for, wherever they stand", async () => {
  for (let first = 0; first < KEY_VECTORS.length; first++) {
    const places = new Uint8Array(KEYS_BYTES);
    KEY_VECTORS.forEach(({ place }, index) => {
      places.set(fromHex(place), ((first + 5 * index) % 16) * 20);
    });
    const client = new TokenClient({
      request: (make) => {
        const [, tag = 0] = make();
        return Promise.resolve(Uint8Array.of(READ_KEYS | RESPONSE, tag, ...places));
      },
      close: () => {},
    });
    const keys = KEY_VECTORS.flatMap(({ key }) =>
      key
        ? [
            {
              keyData: fromHex(key.tek),
              rollingStartIntervalNumber: key.start,
              rollingPeriod: key.period,
            },
          ]
        : [],
    );
    expect(await client.readKeys()).toEqual(keys);
  }
});

test("a status tells of calls that failed and of restarts", async () => {
  const values = Array.from(STATUS_LAYOUT.replace("*", ""), (_, at) => (at === 2 ? 255 : 0));
  const rest = new Uint8Array(EPOCHS_BYTES + 1);
  rest[EPOCHS_BYTES] = 3;
  const client = new TokenClient({
    request: async () => encode(STATUS | RESPONSE, 1, STATUS_LAYOUT, values, rest),
    close: () => {},
  });
  expect(await client.status()).toMatchObject({ failures: 255, restarts: 3, battery: 0 });
});

test("radio and flash that fail are counted by the token until it is started again", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const status = () => rig.atDesk(device, (client) => client.status());
  expect(await status()).toMatchObject({ failures: 0, restarts: 0 });
  device.flash.failing = true;
  rig.world.run(HOUR);
  device.flash.failing = false;
  const { failures } = await status();
  expect(failures).toBeGreaterThan(0);
  device.powerOff();
  device.powerOn();
  expect(await status()).toMatchObject({ failures: 0, restarts: 0 });
});

test.each([0, EPOCHS_BYTES - 1, EPOCHS_BYTES])(
  "a status with %i bytes behind its fields is told of in one sentence",
  async (length) => {
    const zeros = Array.from(STATUS_LAYOUT.replace("*", ""), () => 0);
    const client = new TokenClient({
      request: async () =>
        encode(STATUS | RESPONSE, 1, STATUS_LAYOUT, zeros, new Uint8Array(length)),
      close: () => {},
    });
    await expectFailure(client.status(), "token-unintelligible");
  },
);

test("a link that is gone already fails at once", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const attempt = rig.atDesk(device, async (client) => {
    client.close();
    return client.status();
  });
  await expect(attempt).rejects.toMatchObject({ code: "link-lost" });
});
