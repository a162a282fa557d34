import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  KeyServerClient,
  PublishingVisit,
  VerificationCode,
} from "../../../companion/servers/key-server-client.ts";
import { type ShareOptions, shareVisit } from "../../../companion/visit/share-visit.ts";
import { dayOf, INTERVALS_PER_DAY, intervalAt } from "../../../protocol/intervals.ts";
import { type KeyServer, openKeyServer } from "../../../server/key-server.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import type { LinkFaults } from "../../../simulator/link.ts";
import { DAY, HOUR, Rig } from "../../support/rig.ts";

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
    testResultsUrl: null,
    verificationUrl: url,
    apiKey: server.deviceKey,
    keyServerUrl: url,
    healthAuthorityId: server.healthAuthorityId,
  });
});

afterEach(() => stop());

async function issue(): Promise<string> {
  const today = new Date(rig.world.now * 1000).toISOString().slice(0, 10);
  const response = await fetch(`${url}/api/issue`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": server.adminKey },
    body: JSON.stringify({ testType: "confirmed", testDate: today }),
  });
  return ((await response.json()) as { code: string }).code;
}

/** A token that was worn for three days. */
async function wornToken(): Promise<EspruinoDevice> {
  const device = await rig.wornToken("B");
  rig.world.run(3 * DAY + 3 * HOUR);
  return device;
}

const share = (
  device: EspruinoDevice,
  code: string,
  options: ShareOptions = {},
  faults?: LinkFaults,
) =>
  rig.atDesk(
    device,
    (client) =>
      shareVisit(client, desk, new VerificationCode(code), true, () => rig.world.now, options),
    faults,
  );

describe("a visit with a health authority's code", () => {
  test("publishes every day's key, and uses the code up", async () => {
    const device = await wornToken();
    const code = await issue();
    const { inserted } = await share(device, code);
    expect(inserted).toBeGreaterThanOrEqual(3);
    await expect(share(device, code)).rejects.toMatchObject({ code: "code-refused" });
  });

  test("whose link drops before the keys are read leaves the code unused", async () => {
    const device = await wornToken();
    const code = await issue();
    let notifications = 0;
    const faults: LinkFaults = { cutBeforeNotification: () => ++notifications >= 5 };
    await expect(share(device, code, {}, faults)).rejects.toMatchObject({ code: "link-lost" });
    expect((await share(device, code)).inserted).toBeGreaterThanOrEqual(3);
  });

  test("can share a second time, with the first one's revision token", async () => {
    const device = await wornToken();
    const visit = new PublishingVisit();
    await share(device, await issue(), { visit });
    expect((await share(device, await issue(), { visit })).inserted).toBe(0);
    rig.world.run(DAY);
    expect((await share(device, await issue(), { visit })).inserted).toBe(1);
  });

  test("after an earlier visit is refused as a whole, and shares from that day on with --since", async () => {
    const device = await wornToken();
    const first = await share(device, await issue());
    expect(first.inserted).toBeGreaterThanOrEqual(3);
    const since = dayOf(intervalAt(rig.world.now)) * INTERVALS_PER_DAY;
    rig.world.run(2 * DAY);
    const refused = share(device, await issue());
    await expect(refused).rejects.toMatchObject({ code: "keys-already-published" });
    const { inserted } = await share(device, await issue(), { since });
    expect(inserted).toBe(2);
    const later = since + 10 * INTERVALS_PER_DAY;
    const none = share(device, await issue(), { since: later });
    await expect(none).rejects.toMatchObject({
      code: "no-keys",
      message: expect.stringContaining("name an earlier day"),
    });
  });

  test("after one of the same day is told to come back after midnight UTC, which is then true", async () => {
    const device = await wornToken();
    await share(device, await issue());
    const since = dayOf(intervalAt(rig.world.now)) * INTERVALS_PER_DAY;
    const date = new Date(rig.world.now * 1000).toISOString().slice(0, 10);
    rig.world.run(HOUR);
    await expect(share(device, await issue())).rejects.toMatchObject({
      message: expect.stringContaining("share again with --since and the day of that visit"),
    });
    await expect(share(device, await issue(), { since })).rejects.toMatchObject({
      code: "keys-already-published",
      message: expect.stringMatching(
        new RegExp(`after midnight UTC, and share with --since ${date} then`),
      ),
    });
    rig.world.run(DAY);
    expect((await share(device, await issue(), { since })).inserted).toBeGreaterThanOrEqual(1);
  });
});
