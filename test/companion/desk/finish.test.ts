import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Desk } from "../../../companion/desk/desk.ts";
import type { ActivityStep } from "../../../companion/desk/desk-api.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { expectFailure } from "../../support/expect-failure.ts";
import { DAY } from "../../support/rig.ts";
import { CODE, cardOf, DeskRig } from "./desk-rig.ts";

let rig: DeskRig;

beforeEach(async () => {
  rig = await DeskRig.open();
});

afterEach(() => rig.close());

const drive = <T>(promise: Promise<T>): Promise<T> => rig.world.drive(promise);

const EMPTY = { locked: false, activity: null, failure: null, visit: null, test: null };

/** Ends the visit as soon as an action is at a step; what the action ends with. */
async function finishAt(
  desk: Desk,
  step: ActivityStep,
  action: () => Promise<unknown>,
): Promise<void> {
  let isReached = false;
  const stop = desk.watch(() => {
    if (isReached || desk.view.activity?.step !== step) return;
    isReached = true;
    void desk.finish({});
  });
  await expectFailure(drive(action()), "visit-ended");
  stop();
  expect(isReached).toBe(true);
  expect(desk.view).toMatchObject(EMPTY);
}

describe("the end of a visit", () => {
  let desk: Desk;
  let device: EspruinoDevice;

  beforeEach(async () => {
    device = await rig.exposedToken();
    desk = rig.desk();
  });

  // What was late must not be seen later on, and the next visit is served as any other.
  async function nextVisit(): Promise<void> {
    await rig.pass(5);
    expect(desk.view).toMatchObject(EMPTY);
    expect(rig.radios).toBe(0);
    rig.world.run(60);
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    expect(await drive(desk.check({}))).toMatchObject({ level: "high" });
  }

  test("while the token is looked for", async () => {
    const began = rig.world.now;
    await finishAt(desk, "searching", () => desk.begin({ card: cardOf(device) }));
    expect(rig.world.now - began).toBeLessThan(1);
    await nextVisit();
  });

  test("while its state is read", async () => {
    rig.press(device);
    await finishAt(desk, "connected", () => desk.begin({ card: cardOf(device) }));
    await nextVisit();
  });

  test.each(["updating-keys", "connected", "reading-log", "comparing", "writing"] as const)(
    "while it is checked (%s) leaves the old result or the new one",
    async (step) => {
      rig.press(device);
      await drive(desk.begin({ card: cardOf(device) }));
      await finishAt(desk, step, () => desk.check({}));
      await rig.pass(5);
      rig.world.run(60);
      const { exposure } = await rig.atDesk(device, (client) => client.status());
      expect(exposure.level).toBe(0);
      await nextVisit();
    },
  );

  test("while the token is erased leaves it whole or empty", async () => {
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    await finishAt(desk, "writing", () => desk.erase({ afterwards: "on" }));
    await rig.pass(5);
    rig.world.run(60);
    const { state, logEnd, logStart } = await rig.atDesk(device, (client) => client.status());
    expect([state, logEnd > logStart]).toEqual(["on", true]);
    await nextVisit();
  });

  test("while a test is looked up forgets it", async () => {
    await rig.register(CODE, "positive");
    await finishAt(desk, "asking", () => desk.lookUp({ code: CODE }));
    await nextVisit();
    expect(desk.view.test).toBeNull();
  });

  test("by the end of the desk lets no other begin", async () => {
    await desk.close();
    rig.press(device);
    await expectFailure(drive(desk.begin({ card: cardOf(device) })), "visit-ended");
    expect([desk.view.visit, rig.radios, rig.timers.waiting]).toEqual([null, 0, 0]);
  });

  test("is told nothing of when nothing was open", async () => {
    expect(await desk.finish({})).toEqual({});
    expect(desk.view).toMatchObject(EMPTY);
  });

  test("keeps a test that is looked up next from that of the visit before", async () => {
    await rig.register(CODE, "positive");
    await rig.register("1111111111", "negative");
    const first = desk.lookUp({ code: CODE });
    await desk.finish({});
    const second = desk.lookUp({ code: "1111111111" });
    await expectFailure(drive(first), "visit-ended");
    expect(await drive(second)).toEqual({ result: "negative" });
    expect(desk.view.test).toEqual({ result: "negative" });
  });
});

describe("the end of a visit in which keys are shared", () => {
  let device: EspruinoDevice;
  let calls: string[];
  /** What comes of calls; undefined lets them through. */
  let answer: (path: string) => Response | undefined;

  const sharing = async (): Promise<Desk> => {
    device = await rig.wornToken("A");
    rig.world.run(3 * DAY);
    await rig.register(CODE, "positive");
    const desk = rig.desk({
      fetch: async (url, init) => {
        const { pathname } = new URL(String(url));
        calls.push(pathname);
        return answer(pathname) ?? fetch(url, init);
      },
      exports: undefined,
    });
    await drive(desk.lookUp({ code: CODE }));
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    calls = [];
    return desk;
  };

  const testResult = async (): Promise<string> => {
    const other = rig.desk({ exports: undefined });
    return (await drive(other.lookUp({ code: CODE }))).result;
  };

  beforeEach(() => {
    calls = [];
    answer = () => undefined;
  });

  test.each(["connected", "publishing"] as const)(
    "before the servers are called (%s) publishes nothing, and the code is not used up",
    async (step) => {
      const desk = await sharing();
      await finishAt(desk, step, () => desk.share({}));
      await drive(desk.close());
      expect(calls).toEqual([]);
      expect(await testResult()).toBe("positive");
    },
  );

  test("after that brings the publication to its end, whole, and shows nothing of it", async () => {
    const desk = await sharing();
    answer = (path) => {
      if (path === "/api/certificate") void desk.finish({});
      return undefined;
    };
    await expectFailure(drive(desk.share({})), "visit-ended");
    await drive(desk.close());
    expect(calls).toEqual(["/api/certificate", "/v1/publish"]);
    expect(await testResult()).toBe("redeemed");
    expect(desk.view).toMatchObject(EMPTY);
    await rig.pass(60);
    const { publishConsent } = await rig.atDesk(device, (client) => client.status());
    expect(publishConsent).toBe(false);
  });

  test("while a server fails does not go on calling it", async () => {
    const desk = await sharing();
    answer = (path) => (path === "/v1/publish" ? new Response("", { status: 503 }) : undefined);
    let pauses = 0;
    desk.watch(() => {
      if (desk.view.activity?.serverPause && pauses++ === 2) void desk.finish({});
    });
    await expectFailure(drive(desk.share({})), "visit-ended");
    await drive(desk.close());
    const uploads = calls.filter((path) => path === "/v1/publish").length;
    expect(uploads).toBeLessThan(5);
    await rig.pass(60);
    expect(calls.filter((path) => path === "/v1/publish")).toHaveLength(uploads);
    expect(await testResult()).toBe("positive");
  });
});
