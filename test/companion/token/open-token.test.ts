import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../../../companion/failure.ts";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import type { TokenRadio } from "../../../companion/token/gatt-link.ts";
import { openToken } from "../../../companion/token/open-token.ts";
import { buildFirmware } from "../../../firmware/build/bundle.ts";
import { cardKeyOf } from "../../../simulator/at-desk.ts";
import { deskRadio } from "../../../simulator/desk-radio.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import type { LinkFaults } from "../../../simulator/link.ts";
import { DAY, Rig } from "../../support/rig.ts";

const firmware = buildFirmware("puckjs");

async function tokens(rig: Rig, count: number): Promise<EspruinoDevice[]> {
  const bundle = await firmware;
  return Array.from({ length: count }, (_, index) => {
    const identity = { serial: index + 1, key: new Uint8Array(16).fill(index + 1) };
    const image = buildStorageImage("puckjs", identity, bundle);
    const device = rig.world.addToken(`token ${index}`, image);
    device.powerOn();
    return device;
  });
}

const openWindows = (rig: Rig, devices: readonly EspruinoDevice[]): void => {
  for (const device of devices) device.press(3.5);
  rig.world.run(4);
};

describe("a token", () => {
  test("is found among others by its card's key", async () => {
    const rig = new Rig();
    const devices = await tokens(rig, 3);
    openWindows(rig, devices);
    const radio = deskRadio(rig.world, devices);
    const third = devices[2]!;
    const visit = async () => {
      const client = await openToken(radio, rig.world.timers, cardKeyOf(third));
      await client.setClock(() => rig.world.now);
      await client.setState("on", false);
      client.close();
    };
    await rig.world.drive(visit());
    rig.world.run(70);
    // Only the token of the card was switched on.
    expect(devices.map((device) => device.nrf.onAir()?.connectable)).toEqual([
      undefined,
      undefined,
      false,
    ]);
  });

  test("that is not the card's is told from none at all", async () => {
    const rig = new Rig();
    const devices = await tokens(rig, 2);
    const card = new Uint8Array(16).fill(9);
    const radio = deskRadio(rig.world, devices);
    const began = rig.world.now;
    const none = rig.world.drive(openToken(radio, rig.world.timers, card));
    await expect(none).rejects.toMatchObject({ code: "token-not-found" });
    expect(rig.world.now - began).toBeGreaterThanOrEqual(30);
    expect(rig.world.now - began).toBeLessThan(31);
    openWindows(rig, devices);
    const others = rig.world.drive(openToken(radio, rig.world.timers, card));
    await expect(others).rejects.toMatchObject({ code: "wrong-token" });
  });

  test("that comes in reach while it is looked for is found", async () => {
    const rig = new Rig();
    const [device] = await tokens(rig, 1);
    rig.world.timeline.after(20_000, () => device!.press(3.5));
    const radio = deskRadio(rig.world, [device!]);
    const client = await rig.world.drive(openToken(radio, rig.world.timers, cardKeyOf(device!)));
    expect((await rig.world.drive(client.status())).state).toBe("off");
  });
});

describe("with others in reach, a token", () => {
  const card = new Uint8Array(16).fill(1);

  test("that comes late is still waited for, and the clerk hears of the other", async () => {
    const rig = new Rig();
    const [device, other] = await tokens(rig, 2);
    openWindows(rig, [other!]);
    rig.world.timeline.after(15_000, () => device!.press(3.5));
    let others = 0;
    const radio = deskRadio(rig.world, [other!, device!]);
    const notices = { onOther: () => others++ };
    await rig.world.drive(openToken(radio, rig.world.timers, card, notices));
    expect(others).toBe(1);
  });

  test("that drops its link and stays away for a while is found again", async () => {
    const rig = new Rig();
    const [device, other] = await tokens(rig, 2);
    openWindows(rig, [device!, other!]);
    let isAway = false;
    const near = deskRadio(rig.world, [device!]);
    const all = deskRadio(rig.world, [other!, device!]);
    const strangers = deskRadio(rig.world, [other!]);
    const radio: TokenRadio = {
      // As long as it is away, only the other one is there.
      async *links(milliseconds, refused) {
        if (isAway) yield* strangers.links(8000, refused);
        isAway = false;
        yield* (milliseconds === 30_000 ? near : all).links(milliseconds - 8000, refused);
      },
    };
    const client = await rig.world.drive(openToken(radio, rig.world.timers, card));
    isAway = true;
    device!.nrf.disconnect();
    expect((await rig.world.drive(client.status())).state).toBe("off");
  });

  test("that is gone for good is not mistaken for one of another card", async () => {
    const rig = new Rig();
    const [device, other] = await tokens(rig, 2);
    openWindows(rig, [device!, other!]);
    const radio = deskRadio(rig.world, [device!, other!]);
    const client = await rig.world.drive(openToken(radio, rig.world.timers, card));
    device!.powerOff();
    const attempt = rig.world.drive(client.status());
    await expect(attempt).rejects.toMatchObject({ code: "link-lost" });
    // And whoever cleans up does not wait once more.
    const began = rig.world.now;
    await expect(rig.world.drive(client.status())).rejects.toMatchObject({ code: "link-lost" });
    expect(rig.world.now).toBe(began);
  });
});

describe("a link that drops", () => {
  const rig = new Rig();
  async function tokenWithLog(): Promise<EspruinoDevice> {
    const device = await rig.wornToken("A");
    await rig.wornToken("B");
    rig.sitTogether(["A", "B"], 10 * 60, 1);
    rig.world.run(2 * DAY);
    return device;
  }
  const device = tokenWithLog();

  test("at every tenth packet is made again each time, and the log is read on from its last position", async () => {
    const token = await device;
    const whole = await rig.atDesk(token, (client) => client.readLog());
    let packets = 0;
    let cuts = 0;
    const faults: LinkFaults = {
      cutBeforeNotification: () => {
        const isCut = ++packets % 10 === 0;
        if (isCut) cuts++;
        return isCut;
      },
    };
    const progress: number[] = [];
    const log = await rig.atDesk(
      token,
      (client) => client.readLog((read) => progress.push(read)),
      faults,
    );
    expect(Buffer.from(log).equals(whole)).toBe(true);
    expect(cuts).toBeGreaterThan(2);
    expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b));
    // Less than a read is lost with each connection.
    expect(packets).toBeLessThan((whole.length / 12 / 27) * 7 + cuts * 15);
  });

  test("at any packet of either side changes nothing about what is read", async () => {
    const token = await device;
    const whole = await rig.atDesk(token, (client) => client.readLog());
    const cut = (at: number) => {
      let count = 0;
      return () => ++count === at;
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.nat(12), async (notification, write) => {
        const faults: LinkFaults = {
          cutBeforeNotification: cut(notification),
          cutBeforeWrite: cut(write),
        };
        const log = await rig.atDesk(token, (client) => client.readLog(), faults);
        expect(Buffer.from(log).equals(whole)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("while the clock is set leaves it right", async () => {
    const token = await device;
    for (const write of [3, 4]) {
      let writes = 0;
      let isAway = false;
      const faults: LinkFaults = {
        cutBeforeWrite: () => {
          if (++writes === write) {
            isAway = true;
            rig.world.timeline.after(9000, () => {
              isAway = false;
            });
          }
          return isAway;
        },
      };
      const late = await rig.atDesk(
        token,
        async (client) => {
          await client.setClock(() => rig.world.now);
          const { time } = await client.status();
          return rig.world.now - time;
        },
        faults,
      );
      expect(Math.abs(late)).toBeLessThan(2);
    }
  });

  test("after a request was done, before its answer came, changes nothing about what is done", async () => {
    const token = await rig.wornToken("C");
    // Hello and status come first; each request is done, and the link is lost with its answer.
    const afterRequest = (): LinkFaults => {
      let notifications = 0;
      return { cutBeforeNotification: () => ++notifications === 5 };
    };
    const status = () => rig.atDesk(token, (client) => client.status());
    await rig.atDesk(token, (client) => client.setState("paused", false), afterRequest());
    expect((await status()).state).toBe("paused");
    const exposure = { ...(await status()).exposure, level: 2, day: 20606, minutes: 30 };
    await rig.atDesk(token, (client) => client.writeExposure(exposure), afterRequest());
    expect((await status()).exposure).toEqual(exposure);
    await rig.atDesk(token, (client) => client.erase(), afterRequest());
    expect(await status()).toMatchObject({ state: "off", exposure: { level: 0 } });
  });

  test("again and again without getting anywhere fails in the end", async () => {
    let writes = 0;
    const faults: LinkFaults = { cutBeforeWrite: () => ++writes > 3 };
    const attempt = rig.atDesk(await device, (client) => client.readLog(), faults);
    await expect(attempt).rejects.toMatchObject({ code: "link-lost" });
  });
});

describe("a search that is ended", () => {
  const reason = new Failure("visit-ended", "It was ended.");

  test("fails at once with the reason, and does not begin when it has ended before", async () => {
    const rig = new Rig();
    const [device] = await tokens(rig, 1);
    const radio = deskRadio(rig.world, [device!]);
    const end = new AbortController();
    const search = openToken(radio, rig.world.timers, cardKeyOf(device!), {}, end.signal);
    rig.world.timeline.after(5000, () => end.abort(reason));
    const began = rig.world.now;
    await expect(rig.world.drive(search)).rejects.toBe(reason);
    expect(rig.world.now - began).toBeLessThan(5.3);
    let isAsked = false;
    const asked: TokenRadio = {
      async *links(milliseconds, refused) {
        isAsked = true;
        yield* radio.links(milliseconds, refused);
      },
    };
    const again = openToken(asked, rig.world.timers, cardKeyOf(device!), {}, end.signal);
    await expect(rig.world.drive(again)).rejects.toBe(reason);
    expect(isAsked).toBe(false);
  });

  test("does not wait for a radio that is slow, and ends a connection that it still makes", async () => {
    const rig = new Rig();
    const [device] = await tokens(rig, 1);
    openWindows(rig, [device!]);
    const near = deskRadio(rig.world, [device!]);
    let connect = (): void => {};
    const slow: TokenRadio = {
      async *links(milliseconds, refused) {
        await new Promise<void>((resolve) => {
          connect = resolve;
        });
        yield* near.links(milliseconds, refused);
      },
    };
    const end = new AbortController();
    const search = openToken(slow, rig.world.timers, cardKeyOf(device!), {}, end.signal);
    end.abort(reason);
    await expect(rig.world.drive(search)).rejects.toBe(reason);
    connect();
    await new Promise(setImmediate);
    rig.world.run(1);
    const other = rig.world.drive(openToken(near, rig.world.timers, cardKeyOf(device!)));
    expect((await rig.world.drive((await other).status())).state).toBe("off");
  });

  test.each([
    ["while a token is asked whether it is the card's lets go of it", 1],
    ["after the token was found leaves the connection alone", 2],
  ])("%s", async (_, write) => {
    const rig = new Rig();
    const [device] = await tokens(rig, 1);
    openWindows(rig, [device!]);
    const end = new AbortController();
    let writes = 0;
    const faults: LinkFaults = {
      cutBeforeWrite: () => {
        if (++writes === write) end.abort(reason);
        return false;
      },
    };
    const radio = deskRadio(rig.world, [device!], faults);
    const visit = async () => {
      const client = await openToken(radio, rig.world.timers, cardKeyOf(device!), {}, end.signal);
      return client.status();
    };
    if (write < 2) await expect(rig.world.drive(visit())).rejects.toBe(reason);
    else expect((await rig.world.drive(visit())).state).toBe("off");
  });

  test("is told of finding, losing and finding again", async () => {
    const rig = new Rig();
    const [device] = await tokens(rig, 1);
    openWindows(rig, [device!]);
    const told: string[] = [];
    const notices = { onFound: () => told.push("found"), onLost: () => told.push("lost") };
    const radio = deskRadio(rig.world, [device!]);
    const visit = async () => {
      const client = await openToken(radio, rig.world.timers, cardKeyOf(device!), notices);
      device!.nrf.disconnect();
      await client.status();
    };
    await rig.world.drive(visit());
    expect(told).toEqual(["found", "lost", "found"]);
  });
});
