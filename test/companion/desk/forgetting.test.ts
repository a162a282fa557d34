import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Desk } from "../../../companion/desk/desk.ts";
import { cardKeyOf } from "../../../simulator/at-desk.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { reachableFrom } from "../../support/reachable.ts";
import { MINUTE } from "../../support/rig.ts";
import { CODE, cardOf, DeskRig } from "./desk-rig.ts";

let rig: DeskRig;

beforeEach(async () => {
  rig = await DeskRig.open();
});

afterEach(() => rig.close());

const drive = <T>(promise: Promise<T>): Promise<T> => rig.world.drive(promise);

/** What of a wearer a desk holds, wherever in its memory. */
function heldBy(desk: Desk, device: EspruinoDevice, secrets: readonly string[]): string[] {
  const except = [rig, rig.world, rig.world.timeline, rig.server, ...rig.devices];
  const { text, bytes, objects } = reachableFrom([desk, rig.timers], except);
  expect(objects).toBeGreaterThan(50);
  const key = Buffer.from(cardKeyOf(device)).toString("hex");
  return [
    ...(bytes.includes(key) ? ["key"] : []),
    ...(text.toLowerCase().includes(key) ? ["card"] : []),
    ...secrets.filter((secret) => text.includes(secret)),
  ];
}

interface Answer {
  readonly registrationToken: string;
}

async function served() {
  const device = await rig.exposedToken();
  await rig.register(CODE, "positive");
  const tokens: string[] = [];
  const desk = rig.desk({
    chaff: true,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      const isLookUp = String(url).endsWith("registrationToken");
      if (isLookUp) tokens.push(((await response.clone().json()) as Answer).registrationToken);
      return response;
    },
  });
  rig.press(device);
  await drive(desk.begin({ card: cardOf(device) }));
  const check = await drive(desk.check({}));
  await drive(desk.lookUp({ code: CODE }));
  return { device, desk, secrets: [check.days[0]!.date, "positive", ...tokens] };
}

describe("of a wearer", () => {
  test("a desk holds key, result and test while the visit lasts, but for the code", async () => {
    const { device, desk, secrets } = await served();
    expect(heldBy(desk, device, [...secrets, CODE])).toEqual(["key", ...secrets]);
  });

  test("nothing is left when the visit has ended", async () => {
    const { device, desk, secrets } = await served();
    await desk.finish({});
    await rig.pass(1);
    expect(heldBy(desk, device, [...secrets, CODE])).toEqual([]);
    expect(desk.view).toMatchObject({ visit: null, test: null, failure: null, activity: null });
  });

  test("nothing is left when nobody has come back to a locked desk", async () => {
    const { device, desk, secrets } = await served();
    await rig.pass(20 * MINUTE + 5);
    expect(heldBy(desk, device, [...secrets, CODE])).toEqual([]);
    expect(desk.view).toMatchObject({ locked: false, visit: null });
  });

  test("nothing is left of a visit when the next one has begun", async () => {
    const { device, desk, secrets } = await served();
    const next = await rig.wornToken("next");
    rig.press(next);
    await drive(desk.begin({ card: cardOf(next) }));
    expect(heldBy(desk, device, [...secrets, CODE])).toEqual([]);
  });

  test("no code of the health authority is left once it was used, nor any other after the visit", async () => {
    const device = await rig.wornToken("A");
    rig.world.run(86_400);
    const [code, unused] = [await rig.issue(), "12345678"];
    const desk = rig.desk({ publishing: "verification-code", apiKey: rig.server.deviceKey });
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    await drive(desk.share({ code: unused }).catch(() => {}));
    expect(heldBy(desk, device, [unused])).toEqual(["key", unused]);
    await drive(desk.share({ code }));
    expect(heldBy(desk, device, [unused, code])).toEqual(["key"]);
    await drive(desk.share({ code: unused }).catch(() => {}));
    await desk.finish({});
    await rig.pass(1);
    expect(heldBy(desk, device, [unused, code])).toEqual([]);
  });

  test("nothing is written to a console", async () => {
    const { log, error, warn, info } = console;
    const said: unknown[] = [];
    const hear = (...words: unknown[]): void => void said.push(...words);
    Object.assign(console, { log: hear, error: hear, warn: hear, info: hear });
    try {
      const { desk } = await served();
      await drive(desk.share({}));
    } finally {
      Object.assign(console, { log, error, warn, info });
    }
    expect(said).toEqual([]);
  });
});
