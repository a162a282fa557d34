import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PublishedKey, publishedKeys } from "../../../companion/exports/published-keys.ts";
import {
  KeyServerClient,
  RegistrationToken,
} from "../../../companion/servers/key-server-client.ts";
import type { TokenClient, TokenKey } from "../../../companion/token/token-client.ts";
import { acknowledgeVisit } from "../../../companion/visit/acknowledge-visit.ts";
import { checkVisit } from "../../../companion/visit/check-visit.ts";
import { enrolVisit } from "../../../companion/visit/enrol-visit.ts";
import { shareVisit } from "../../../companion/visit/share-visit.ts";
import { INTERVALS_PER_DAY, intervalAt } from "../../../protocol/intervals.ts";
import { type KeyServer, openKeyServer } from "../../../server/key-server.ts";
import { createLaboratory } from "../../../simulator/demo/laboratory.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import type { LinkFaults } from "../../../simulator/link.ts";
import { downloadedKeys } from "../../support/downloaded-keys.ts";
import { DAY, HOUR, MINUTE, MORNING, Rig } from "../../support/rig.ts";
import { VirtualPace } from "../../support/virtual-pace.ts";

const CODE = "0123456789";

let rig: Rig;
let server: KeyServer;
let desk: KeyServerClient;
let url: string;
let stop: () => Promise<void>;

beforeEach(async () => {
  rig = new Rig();
  server = openKeyServer({ dataDir: ":memory:", now: () => rig.world.now });
  const listening = await server.listen({ port: 0 });
  url = listening.url;
  stop = async () => {
    await listening.close();
    server.close();
  };
  desk = new KeyServerClient({
    verificationUrl: url,
    keyServerUrl: url,
    healthAuthorityId: server.healthAuthorityId,
  });
});

afterEach(() => stop());

const status = (device: EspruinoDevice) => rig.atDesk(device, (client) => client.status());

// The keys of a token as a key server would publish them, without a server in between.
const published = async (device: EspruinoDevice): Promise<PublishedKey[]> => {
  const keys = await rig.atDesk(device, async (client) => {
    await client.setState("on", true);
    return client.readKeys();
  });
  return keys.map((key) => ({ ...key, transmissionRiskLevel: 0, reportType: 1 }));
};

const check = (device: EspruinoDevice, keys: PublishedKey[], offset = 0, faults?: LinkFaults) =>
  rig.atDesk(
    device,
    (client) => checkVisit(client, [publishedKeys(keys)], () => rig.world.now + offset),
    faults,
  );

describe("a first visit", () => {
  test("sets the clock and switches on", async () => {
    const device = await rig.token("A");
    await rig.atDesk(device, (client) => enrolVisit(client, () => rig.world.now));
    const { state, time, clockDoubtful } = await status(device);
    expect([state, clockDoubtful]).toEqual(["on", false]);
    expect(Math.abs(time - rig.world.now)).toBeLessThan(70);
  });
});

describe("a check", () => {
  async function exposedToken(): Promise<[EspruinoDevice, PublishedKey[]]> {
    const a = await rig.wornToken("A");
    const b = await rig.wornToken("B");
    rig.sitTogether(["A", "B"], 40, 1);
    rig.world.run(2 * DAY);
    return [a, await published(b)];
  }

  test("writes the result back, and the next one replaces it", async () => {
    const [a, keys] = await exposedToken();
    const result = await check(a, keys);
    expect(result.risk.level).toBe("high");
    expect(result.warnings).toEqual([]);
    const latest = result.risk.days[0]!;
    expect((await status(a)).exposure).toMatchObject({
      level: 2,
      day: latest.day,
      minutes: latest.minutes,
      attenuationDb: latest.attenuationDb,
    });
    await check(a, []);
    expect((await status(a)).exposure).toMatchObject({ level: 0, day: 0, minutes: 0 });
  });

  test.each([
    ["a year ahead", 366 * DAY],
    ["three weeks ahead", 21 * DAY],
    ["a year back", -366 * DAY],
  ])("at a desk whose clock is %s fails and changes nothing", async (_, offset) => {
    const [a, keys] = await exposedToken();
    await check(a, keys);
    const before = await status(a);
    await expect(check(a, [], offset)).rejects.toMatchObject({
      code: "clock-refused",
      message: expect.stringMatching(/check date and time of this computer/),
    });
    const after = await status(a);
    expect(after.exposure).toEqual(before.exposure);
    expect(Math.abs(after.time - rig.world.now)).toBeLessThan(70);
  });

  test("that loses the link before the result is written leaves the old result", async () => {
    const [a, keys] = await exposedToken();
    await check(a, keys);
    const before = await status(a);
    let writes = 0;
    const faults: LinkFaults = { cutBeforeWrite: () => ++writes >= 4 };
    await expect(check(a, [], 0, faults)).rejects.toMatchObject({ code: "link-lost" });
    expect((await status(a)).exposure).toEqual(before.exposure);
  });

  test("of a token with a full log, a lost clock or a low battery says so", async () => {
    const a = await rig.wornToken("A");
    for (const name of ["B", "C", "D"]) await rig.wornToken(name);
    rig.sitTogether(["A", "B", "C", "D"], 8 * 24 * 60, 1);
    const full = await check(a, []);
    expect(full.warnings.map(({ code }) => code)).toEqual(["log-full"]);
    a.powerOff();
    rig.world.run(HOUR);
    a.battery = 9;
    a.powerOn();
    const later = await check(a, []);
    expect(later.warnings.map(({ code }) => code)).toEqual([
      "log-full",
      "clock-doubtful",
      "battery-low",
    ]);
  });

  test("of a token whose flash fails says so, and the old result stays", async () => {
    const [a, keys] = await exposedToken();
    await check(a, keys);
    const before = await status(a);
    a.flash.failing = true;
    await expect(check(a, [])).rejects.toMatchObject({ code: "flash-failed" });
    a.flash.failing = false;
    expect((await status(a)).exposure).toEqual(before.exposure);
    a.powerOff();
    a.powerOn();
    expect((await status(a)).exposure).toEqual(before.exposure);
  });
});

describe("a wearer's acknowledgement", () => {
  const acknowledge = (device: EspruinoDevice) => rig.atDesk(device, acknowledgeVisit);
  // Reminders of an hour, on a token that one desk after the other has served.
  const reminders = (device: EspruinoDevice): number => {
    let red = 0;
    device.onLight = (colour, on) => {
      if (colour === "red" && on) red++;
    };
    rig.world.run(HOUR);
    return red;
  };

  async function warned(): Promise<[EspruinoDevice, PublishedKey[]]> {
    const a = await rig.wornToken("A");
    const b = await rig.wornToken("B");
    rig.sitTogether(["A", "B"], 40, 1);
    rig.world.run(2 * DAY);
    const keys = await published(b);
    await check(a, keys);
    return [a, keys];
  }

  test("ends the reminders and changes nothing else", async () => {
    const [a] = await warned();
    const { exposure } = await status(a);
    expect(exposure).toMatchObject({ level: 2, acknowledged: false });
    expect(reminders(a)).toBeGreaterThan(0);
    await acknowledge(a);
    expect((await status(a)).exposure).toEqual({ ...exposure, acknowledged: true });
    expect(reminders(a)).toBe(0);
  });

  test("holds for the same exposure, and not for another", async () => {
    const [a, keys] = await warned();
    await acknowledge(a);
    rig.world.run(DAY);
    await check(a, keys);
    expect((await status(a)).exposure).toMatchObject({ level: 2, acknowledged: true });
    expect(reminders(a)).toBe(0);

    const c = await rig.wornToken("C");
    rig.sitTogether(["A", "C"], 40, 1);
    rig.world.run(2 * DAY);
    await check(a, [...keys, ...(await published(c))]);
    expect((await status(a)).exposure).toMatchObject({ level: 2, acknowledged: false });
    expect(reminders(a)).toBeGreaterThan(0);
  });

  test("without an exposure, or given twice, writes nothing", async () => {
    const [a] = await warned();
    await acknowledge(a);
    const c = await rig.wornToken("C");
    for (const device of [a, c]) {
      const { exposure } = await status(device);
      device.flash.failing = true;
      await acknowledge(device);
      device.flash.failing = false;
      expect((await status(device)).exposure).toEqual(exposure);
    }
  });

  test("that flash does not take says so", async () => {
    const [a] = await warned();
    a.flash.failing = true;
    await expect(acknowledge(a)).rejects.toMatchObject({ code: "flash-failed" });
    a.flash.failing = false;
    expect((await status(a)).exposure.acknowledged).toBe(false);
  });
});

describe("sharing", () => {
  async function testedToken(result: "positive" | "negative" | "pending" = "positive") {
    const device = await rig.wornToken("B");
    rig.world.run(3 * DAY);
    const laboratory = createLaboratory(url, server.laboratoryKey);
    await laboratory.register(CODE);
    if (result !== "pending") await laboratory.report(CODE, result);
    return { device, test: await desk.lookUp(CODE) };
  }
  type Tested = Awaited<ReturnType<typeof testedToken>>;
  const share = ({ device, test }: Tested, consent = true, faults?: LinkFaults) =>
    rig.atDesk(
      device,
      async (client) =>
        (await shareVisit(client, desk, test, consent, () => rig.world.now)).inserted,
      faults,
    );

  async function exported(): Promise<number> {
    rig.world.run(8 * HOUR);
    server.createExports();
    const index = await (await fetch(`${url}/exports/KZ/index.txt`)).text();
    return index.split("\n").filter((path) => path !== "").length;
  }

  test("publishes every day's key once, today's cut short, and uses the code up", async () => {
    const tested = await testedToken();
    expect(await share(tested)).toBe(4);
    expect(await desk.testResult(await desk.lookUp(CODE))).toBe("redeemed");
    expect((await status(tested.device)).publishConsent).toBe(false);
    expect(await exported()).toBe(1);
  });

  test("without consent asks nothing of the token and publishes nothing", async () => {
    const tested = await testedToken();
    await expect(share(tested, false)).rejects.toMatchObject({ code: "consent-missing" });
    expect(await desk.testResult(tested.test)).toBe("positive");
    expect(await exported()).toBe(0);
  });

  test.each(["pending", "negative"] as const)(
    "with a test that is not positive (%s) publishes nothing",
    async (result) => {
      const tested = await testedToken(result);
      await expect(share(tested)).rejects.toMatchObject({ code: "test-not-positive" });
      expect((await status(tested.device)).publishConsent).toBe(false);
      expect(await exported()).toBe(0);
    },
  );

  test("asks for a positive result once, before the token", async () => {
    const { device } = await testedToken();
    let questions = 0;
    const counting = new KeyServerClient({
      verificationUrl: url,
      keyServerUrl: url,
      healthAuthorityId: server.healthAuthorityId,
      fetch: (to, init) => {
        if (String(to).endsWith("/testresult")) questions++;
        return fetch(to, init);
      },
    });
    const test = await counting.lookUp(CODE);
    await counting.testResult(test);
    await rig.atDesk(device, (client) =>
      shareVisit(client, counting, test, true, () => rig.world.now),
    );
    expect(questions).toBe(1);
  });

  test.each(["negative", "pending"] as const)(
    "with a test whose known result is %s publishes nothing",
    async (result) => {
      const tested = await testedToken(result);
      expect(await desk.testResult(tested.test)).toBe(result);
      await expect(share(tested)).rejects.toMatchObject({ code: "test-not-positive" });
      expect((await status(tested.device)).publishConsent).toBe(false);
    },
  );

  test("with a test that is not positive asks nothing of the token", async () => {
    const tested = await testedToken("negative");
    let writes = 0;
    // The link would break at the first request behind those that begin a session.
    const faults: LinkFaults = { cutBeforeWrite: () => ++writes > 2 };
    await expect(share(tested, true, faults)).rejects.toMatchObject({ code: "test-not-positive" });
  });

  test("from a token with a wrong clock publishes only keys that are really over", async () => {
    const device = await rig.token("B");
    await rig.atDesk(device, async (client) => {
      await client.setClock(() => rig.world.now + DAY);
      await client.setState("on", false);
    });
    rig.world.run(2 * HOUR);
    const laboratory = createLaboratory(url, server.laboratoryKey);
    await laboratory.register(CODE);
    await laboratory.report(CODE, "positive");
    const tested = { device, test: await desk.lookUp(CODE) };
    await expect(share(tested)).rejects.toMatchObject({ code: "clock-refused" });
    expect(await desk.testResult(tested.test)).toBe("positive");
  });

  test("of a token that has sent nothing says what may be the reason", async () => {
    const device = await rig.token("B");
    const laboratory = createLaboratory(url, server.laboratoryKey);
    await laboratory.register(CODE);
    await laboratory.report(CODE, "positive");
    const tested = { device, test: await desk.lookUp(CODE) };
    await expect(share(tested)).rejects.toMatchObject({ code: "no-keys" });
    expect(await desk.testResult(tested.test)).toBe("positive");
  });

  test("over a link that drops while keys are read publishes nothing, and works the next time", async () => {
    const tested = await testedToken();
    let notifications = 0;
    // Status, clock, consent, then the first of the frames that keys take.
    const faults: LinkFaults = { cutBeforeNotification: () => ++notifications >= 5 };
    await expect(share(tested, true, faults)).rejects.toMatchObject({ code: "link-lost" });
    expect(await desk.testResult(tested.test)).toBe("positive");
    expect((await status(tested.device)).publishConsent).toBe(false);
    expect(await share(tested)).toBe(4);
  });

  test("with the server down publishes nothing, and works the next time", async () => {
    const tested = await testedToken();
    const offline = new KeyServerClient({
      verificationUrl: "http://127.0.0.1:1/",
      keyServerUrl: "http://127.0.0.1:1/",
      healthAuthorityId: server.healthAuthorityId,
      pace: new VirtualPace(rig.world.now),
    });
    const attempt = rig.atDesk(tested.device, (client) =>
      shareVisit(client, offline, tested.test, true, () => rig.world.now),
    );
    await expect(attempt).rejects.toMatchObject({ code: "server-unreachable" });
    expect((await status(tested.device)).publishConsent).toBe(false);
    expect(await share(tested)).toBe(4);
  });

  // What a visit publishes of the keys that a token hands out.
  async function sharedFrom(keys: readonly TokenKey[], now: number): Promise<readonly TokenKey[]> {
    let sent: readonly TokenKey[] = [];
    const client = {
      status: async () => ({ state: "on" }),
      setClock: async () => {},
      setState: async () => {},
      readKeys: async () => keys,
    } as unknown as TokenClient;
    const server = {
      testResult: async () => "positive",
      publish: async (_: RegistrationToken, published: readonly TokenKey[]) => {
        sent = published;
        return { inserted: published.length, revisionToken: "" };
      },
    } as unknown as KeyServerClient;
    const test = new RegistrationToken("token");
    await shareVisit(client, server, test, true, () => now).catch(({ code }) => {
      expect(code).toBe("no-keys");
    });
    return sent;
  }

  const present = intervalAt(MORNING);
  const today = present - (present % INTERVALS_PER_DAY);
  const keyOf = (start: number, end: number): TokenKey => ({
    keyData: new Uint8Array(16),
    rollingStartIntervalNumber: start,
    rollingPeriod: end - start,
  });

  test("publishes a whole day's key once it is over, whatever the token says", async () => {
    const yesterday = keyOf(today - INTERVALS_PER_DAY, today);
    const whole = keyOf(today, today + INTERVALS_PER_DAY);
    const midnight = today * 600;
    expect(await sharedFrom([yesterday, whole], midnight)).toEqual([yesterday]);
    expect(await sharedFrom([yesterday, whole], midnight - 1)).toEqual([]);
    expect(await sharedFrom([yesterday, whole], midnight + DAY - 1)).toEqual([yesterday]);
    expect(await sharedFrom([yesterday, whole], midnight + DAY)).toEqual([yesterday, whole]);
  });

  test("publishes a key that was cut short until two hours after the present interval, none that ends later, none of tomorrow", async () => {
    for (const [end, isSent] of [
      [present - 5, true],
      [present + 1, true],
      [present + 13, true],
      [present + 14, false],
    ] as const) {
      expect(await sharedFrom([keyOf(today, end)], MORNING)).toHaveLength(isSent ? 1 : 0);
    }
    const tomorrow = today + INTERVALS_PER_DAY;
    const evening = tomorrow * 600 - HOUR;
    expect(await sharedFrom([keyOf(tomorrow, tomorrow + 2)], evening)).toEqual([]);
  });

  describe("on the day of a meeting", () => {
    const until = (time: number) => rig.world.run(time - rig.world.now);
    const AFTERNOON = MORNING + 7 * HOUR;

    // A meets B at 14:00, B shares at 15:00 or, when the server is down then, at 17:00; C meets B at 16:00.
    async function sharedDay(isLate: boolean) {
      const a = await rig.wornToken("A");
      const b = await rig.wornToken("B");
      const c = await rig.wornToken("C");
      const laboratory = createLaboratory(url, server.laboratoryKey);
      await laboratory.register(CODE);
      await laboratory.report(CODE, "positive");
      const tested = { device: b, test: await desk.lookUp(CODE) };
      until(AFTERNOON - HOUR);
      rig.sitTogether(["A", "B"], 40, 1);
      until(AFTERNOON);
      if (isLate) {
        const readOnly = rig.atDesk(b, async (client) => {
          await client.setState("on", true);
          return client.readKeys();
        });
        expect(await readOnly).toHaveLength(1);
      } else {
        expect(await share(tested)).toBe(1);
      }
      until(AFTERNOON + HOUR);
      rig.sitTogether(["B", "C"], 40, 1);
      until(AFTERNOON + 2 * HOUR);
      if (isLate) expect(await share(tested)).toBe(1);
      return { a, c };
    }

    const verified = () => downloadedKeys(url, server.exportPublicKeyPem, () => rig.world.now);

    test.each([false, true])(
      "who met the wearer before the keys were read is warned, and who met them later is not (published late: %s)",
      async (isLate) => {
        const { a, c } = await sharedDay(isLate);
        // Nothing is out before two hours after the key's end.
        until(AFTERNOON + 2 * HOUR + 10 * MINUTE);
        server.createExports();
        expect(await verified()).toEqual([]);
        until(AFTERNOON + 10 * HOUR);
        server.createExports();
        const keys = await verified();
        expect(keys.length).toBeGreaterThan(0);
        const warned = await check(a, keys);
        expect(warned.risk.level).toBe("high");
        expect(warned.risk.days.map(({ day }) => day)).toEqual([Math.floor(MORNING / DAY)]);
        expect((await check(c, keys)).risk.level).toBe("none");
      },
    );
  });
});
