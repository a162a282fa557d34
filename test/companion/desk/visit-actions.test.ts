import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Desk } from "../../../companion/desk/desk.ts";
import type { DeskApi, DeskView } from "../../../companion/desk/desk-api.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { expectFailure } from "../../support/expect-failure.ts";
import { DAY, HOUR } from "../../support/rig.ts";
import { CODE, cardOf, DeskRig } from "./desk-rig.ts";

let rig: DeskRig;
let desk: Desk;

beforeEach(async () => {
  rig = await DeskRig.open();
  desk = rig.desk();
});

afterEach(() => rig.close());

const drive = <T>(promise: Promise<T>): Promise<T> => rig.world.drive(promise);
const failing = (promise: Promise<unknown>, code: string) => expectFailure(drive(promise), code);

async function begin(device: EspruinoDevice) {
  rig.press(device);
  return drive(desk.begin({ card: cardOf(device) }));
}

/** All views from now on. */
function watched(): DeskView[] {
  const views: DeskView[] = [];
  desk.watch(() => views.push(desk.view));
  return views;
}

const stepsOf = (views: readonly DeskView[]): (string | undefined)[] => {
  const steps = views.map(({ activity }) => activity?.step);
  return steps.filter((step, at) => step !== steps[at - 1]);
};

describe("a visit", () => {
  test("begins with a card, shows the search, then the token's state", async () => {
    const device = await rig.wornToken("A");
    const views = watched();
    const began = desk.begin({ card: cardOf(device).toLowerCase() });
    rig.world.timeline.after(5000, () => device.press(3.5));
    const status = await drive(began);
    expect(status).toMatchObject({
      state: "on",
      clockSet: true,
      clockDoubtful: false,
      logFull: false,
      logEmpty: true,
      lastCheck: null,
      exposure: { level: "none", date: null, acknowledged: false },
    });
    expect(status.batteryPercent).toBeGreaterThan(0);
    expect(stepsOf(views)).toEqual(["searching", "connected", undefined]);
    expect(desk.view).toMatchObject({ activity: null, failure: null, visit: { status } });
  });

  test("of a wearer who met somebody ends with the result on the token", async () => {
    const device = await rig.exposedToken();
    await begin(device);
    const views = watched();
    const check = await drive(desk.check({}));
    expect(check).toMatchObject({ level: "high", warnings: [], warningSentences: [] });
    expect(check.days[0]).toMatchObject({ level: "high", date: "2026-06-02" });
    expect(check.encounters).toBeGreaterThan(0);
    expect(stepsOf(views)).toEqual([
      "updating-keys",
      "connected",
      "reading-log",
      "comparing",
      "writing",
      undefined,
    ]);
    expect(desk.view.visit).toMatchObject({ check, status: { exposure: { level: "high" } } });
    expect(desk.view.visit!.status!.lastCheck).toBeGreaterThan(rig.world.now - 700);
    expect(desk.view.publishedKeys.updatedAt).toBeGreaterThan(rig.world.now - 60);
    await drive(desk.acknowledge({}));
    expect(desk.view.visit!.status!.exposure).toMatchObject({ level: "high", acknowledged: true });
  });

  test("switches a new token on, pauses, resumes, and erases it", async () => {
    const device = await rig.token("A");
    expect(await begin(device)).toMatchObject({
      state: "off",
      clockSet: false,
      clockErrorSeconds: null,
    });
    await failing(desk.pause({}), "never-on");
    await failing(desk.resume({}), "consent-missing");
    expect(desk.view.failure).toMatchObject({ action: "resume", code: "consent-missing" });
    expect(await drive(desk.enrol({}))).toMatchObject({ state: "on", clockSet: true });
    expect(desk.view.failure).toBeNull();
    expect(await drive(desk.pause({}))).toMatchObject({ state: "paused" });
    expect(await drive(desk.resume({}))).toMatchObject({ state: "on" });
    expect(await drive(desk.erase({ afterwards: "on" }))).toMatchObject({ state: "on" });
    expect(await drive(desk.erase({ afterwards: "off" }))).toMatchObject({ state: "off" });
    expect(desk.view.visit!.status).toMatchObject({ state: "off", logEmpty: true });
  });

  test("of a token with a blank clock tells that it was set for the first time", async () => {
    const device = await rig.token("A");
    await begin(device);
    expect(await drive(desk.check({}))).toMatchObject({
      level: "none",
      clockCorrectionSeconds: null,
      warnings: [],
    });
    expect(desk.view.visit!.status).toMatchObject({ clockSet: true, state: "off" });
  });

  test("of a token with a wrong clock tells by how much it was corrected", async () => {
    const device = await rig.token("A", 1000);
    await rig.atDesk(device, async (client) => {
      await client.setClock(() => rig.world.now);
      await client.setState("on", false);
    });
    rig.world.run(DAY);
    const { clockErrorSeconds } = await begin(device);
    expect(clockErrorSeconds).toBeGreaterThan(60);
    const check = await drive(desk.check({}));
    expect(check.previousCheck).toBeNull();
    expect(check.clockCorrectionSeconds).toBe(-clockErrorSeconds!);
    expect(Math.abs(desk.view.visit!.status!.clockErrorSeconds!)).toBeLessThan(2);
  });

  test("that had set a lost clock before the check failed still tells of it when that is tried again", async () => {
    const device = await rig.exposedToken();
    device.powerOff();
    rig.world.run(HOUR);
    device.powerOn();
    const cut = { isAway: false };
    desk = rig.desk({ faults: { cutBeforeWrite: () => cut.isAway } });
    const { clockErrorSeconds } = await begin(device);
    expect(clockErrorSeconds).toBeLessThan(-60);
    const stop = desk.watch(() => {
      cut.isAway ||= desk.view.activity?.step === "writing";
    });
    await failing(desk.check({}), "link-lost");
    stop();
    cut.isAway = false;
    rig.world.run(70);
    rig.press(device);
    expect(await drive(desk.check({}))).toMatchObject({
      level: "high",
      warnings: ["clock-doubtful"],
      clockCorrectionSeconds: -clockErrorSeconds!,
    });
  });

  test("whose keys cannot be downloaded is not checked, and stays as it is", async () => {
    const device = await rig.wornToken("A");
    desk = rig.desk({
      fetch: async () => {
        throw new TypeError("fetch failed");
      },
    });
    await begin(device);
    const { visit } = desk.view;
    await failing(desk.check({}), "server-unreachable");
    expect(desk.view).toMatchObject({ visit, publishedKeys: { updatedAt: null } });
    expect(visit).toMatchObject({ check: null, status: { state: "on", lastCheck: null } });
  });

  test("of a paused token checks it and leaves it paused", async () => {
    const device = await rig.exposedToken();
    await rig.atDesk(device, (client) => client.setState("paused", false));
    await begin(device);
    expect(await drive(desk.check({}))).toMatchObject({ level: "high" });
    expect(desk.view.visit!.status).toMatchObject({ state: "paused" });
  });

  test("forgets the result of a check with the log that is erased", async () => {
    const device = await rig.exposedToken();
    await begin(device);
    await drive(desk.check({}));
    await drive(desk.erase({ afterwards: "off" }));
    expect(desk.view.visit).toMatchObject({
      check: null,
      status: { exposure: { level: "none", date: null } },
    });
  });

  test("ends the one before, but for that of the same card, which goes on", async () => {
    const a = await rig.exposedToken();
    await begin(a);
    const check = await drive(desk.check({}));
    await drive(desk.begin({ card: cardOf(a) }));
    expect(desk.view.visit).toMatchObject({ check });
    const b = await rig.wornToken("B");
    await begin(b);
    expect(desk.view.visit).toMatchObject({ check: null, status: { logEmpty: true } });
    expect(rig.radios).toBe(1);
  });

  test("is not touched by a card that was misread", async () => {
    const device = await rig.wornToken("A");
    await begin(device);
    const { visit } = desk.view;
    await failing(desk.begin({ card: `${cardOf(device)}0` }), "card-code-malformed");
    expect(desk.view).toMatchObject({ visit, failure: { code: "card-code-malformed" } });
    expect(await drive(desk.pause({}))).toMatchObject({ state: "paused" });
  });

  test("whose token is not there stays open, and the same card tries again", async () => {
    const device = await rig.wornToken("A");
    await failing(desk.begin({ card: cardOf(device) }), "token-not-found");
    expect(desk.view.visit).toEqual({ status: null, check: null, published: null });
    await begin(device);
    expect(desk.view.visit!.status).toMatchObject({ state: "on" });
  });

  test("with another token near says so, and finds its own", async () => {
    const a = await rig.wornToken("A");
    const b = await rig.wornToken("B");
    const views = watched();
    rig.press(b);
    const began = desk.begin({ card: cardOf(a) });
    rig.world.timeline.after(5000, () => a.press(3.5));
    await drive(began);
    expect(views.some(({ activity }) => activity?.otherTokenNear)).toBe(true);
  });

  test.each(["check", "enrol", "pause", "resume", "acknowledge", "share"] as const)(
    "is needed for %s",
    async (action) => {
      await failing(desk[action]({}), "no-visit");
    },
  );
});

describe("one action at a time", () => {
  test("is done; another one meanwhile is refused, and changes nothing", async () => {
    const device = await rig.wornToken("A");
    const began = desk.begin({ card: cardOf(device) });
    const { activity } = desk.view;
    const others: (keyof DeskApi)[] = ["check", "enrol", "pause", "resume", "acknowledge", "share"];
    for (const other of others) await expectFailure(desk[other]({} as never), "busy");
    await expectFailure(desk.lookUp({ code: CODE }), "busy");
    await expectFailure(desk.begin({ card: "" }), "busy");
    expect(desk.view).toMatchObject({ activity, failure: null });
    device.press(3.5);
    await drive(began);
  });
});

describe("a test", () => {
  test.each([
    ["pending", undefined],
    ["negative", "negative"],
    ["positive", "positive"],
    ["invalid", "invalid"],
  ] as const)("that is %s is shown so", async (shown, result) => {
    await rig.register(CODE, result);
    const views = watched();
    expect(await drive(desk.lookUp({ code: "01234 56789" }))).toEqual({ result: shown });
    expect(desk.view.test).toEqual({ result: shown });
    expect(stepsOf(views)).toEqual(["asking", undefined]);
  });

  test("that nobody knows is not shown, nor is the one before any more", async () => {
    await rig.register(CODE, "positive");
    await drive(desk.lookUp({ code: CODE }));
    await failing(desk.lookUp({ code: "1111111111" }), "code-unknown");
    expect(desk.view).toMatchObject({ test: null, failure: { action: "lookUp" } });
  });

  test("stays when something that is no code was entered", async () => {
    await rig.register(CODE, "positive");
    await drive(desk.lookUp({ code: CODE }));
    await failing(desk.lookUp({ code: "123" }), "code-malformed");
    expect(desk.view.test).toEqual({ result: "positive" });
  });

  test("that was pending is asked for again without another look-up", async () => {
    await rig.register(CODE);
    const paths: string[] = [];
    const counting = rig.desk({
      fetch: (url, init) => {
        paths.push(new URL(String(url)).pathname);
        return fetch(url, init);
      },
      exports: undefined,
    });
    await failing(counting.askAgain(), "test-missing");
    expect(await drive(counting.lookUp({ code: CODE }))).toEqual({ result: "pending" });
    await rig.report(CODE, "negative");
    expect(await drive(counting.askAgain())).toEqual({ result: "negative" });
    expect(counting.view.test).toEqual({ result: "negative" });
    expect(paths.filter((path) => path.endsWith("registrationToken"))).toHaveLength(1);
  });

  test("belongs to the visit that is begun next, and ends with it", async () => {
    const [a, b] = [await rig.wornToken("A"), await rig.wornToken("B")];
    await rig.register(CODE, "positive");
    await drive(desk.lookUp({ code: CODE }));
    await begin(a);
    expect(desk.view.test).toEqual({ result: "positive" });
    await begin(b);
    expect(desk.view.test).toBeNull();
    await failing(desk.share({}), "test-missing");
  });
});

describe("sharing", () => {
  async function positive(): Promise<EspruinoDevice> {
    const device = await rig.wornToken("A");
    rig.world.run(3 * DAY);
    await rig.register(CODE, "positive");
    await drive(desk.lookUp({ code: CODE }));
    await begin(device);
    return device;
  }
  const today = (ago = 0): string =>
    new Date((rig.world.now - ago * DAY) * 1000).toISOString().slice(0, 10);

  test("publishes the keys once, and forgets the test", async () => {
    const device = await positive();
    const views = watched();
    const published = await drive(desk.share({ symptomOnset: today(1), traveler: true }));
    expect(published).toEqual({ inserted: 4, refused: 0, refusedPositions: [], leftOut: 0 });
    expect(desk.view).toMatchObject({ test: null, visit: { published } });
    expect(stepsOf(views)).toEqual(["connected", "publishing", undefined]);
    await failing(desk.share({}), "test-missing");
    expect(await drive(desk.lookUp({ code: CODE }))).toEqual({ result: "redeemed" });
    await failing(desk.share({}), "already-used");
    expect(desk.view).toMatchObject({ visit: { published }, test: { result: "redeemed" } });
    await desk.finish({});
    expect(await rig.atDesk(device, (client) => client.status())).toMatchObject({
      publishConsent: false,
    });
  });

  test("does not wait for a token that has gone while its keys were published", async () => {
    const device = await rig.wornToken("gone");
    rig.world.run(DAY);
    await rig.register("5555555555", "positive");
    const desk = rig.desk({
      fetch: (to, init) => {
        if (String(to).endsWith("v1/publish")) device.nrf.disconnect();
        return fetch(to, init);
      },
    });
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    await drive(desk.lookUp({ code: "5555555555" }));
    const steps: (string | undefined)[] = [];
    desk.watch(() => steps.push(desk.view.activity?.step));
    expect(await drive(desk.share({}))).toMatchObject({ inserted: expect.any(Number) });
    expect(steps.slice(steps.indexOf("publishing"))).not.toContain("searching");
    expect(desk.view).toMatchObject({ failure: null, test: null });
  });

  test("a second time in a visit sends what is new with what was there", async () => {
    await positive();
    await drive(desk.share({}));
    rig.world.run(30);
    await rig.register("1111111111", "positive");
    await drive(desk.lookUp({ code: "1111111111" }));
    expect(await drive(desk.share({}))).toMatchObject({ refused: 0, leftOut: 0 });
  });

  test.each(["pending", "negative"] as const)(
    "with a test that is %s asks once more, and nothing of the token",
    async (result) => {
      const device = await rig.wornToken("A");
      await rig.register(CODE, result === "pending" ? undefined : result);
      await drive(desk.lookUp({ code: CODE }));
      await begin(device);
      await failing(desk.share({}), "test-not-positive");
      if (result === "negative") return;
      await rig.report(CODE, "positive");
      rig.world.run(HOUR);
      rig.press(device);
      const views = watched();
      // A token that was switched on an hour ago has a key that was cut short.
      expect(await drive(desk.share({}))).toMatchObject({ inserted: 1 });
      expect(stepsOf(views)).toEqual([
        "connected",
        "asking",
        "searching",
        "connected",
        "publishing",
        undefined,
      ]);
    },
  );

  test.each([
    ["onset-invalid", { symptomOnset: "2026-13-01" }, /must be a date such as/],
    ["onset-invalid", { symptomOnset: "2026-04-01" }, /must lie in the last 28 days/],
    ["onset-invalid", { symptomOnset: "2027-01-01" }, /must not lie in the future/],
    ["since-invalid", { since: "yesterday" }, /must be a date such as/],
    ["since-invalid", { since: "2027-01-01" }, /must not lie in the future/],
  ])("refuses dates before anything is asked: %s %j", async (code, input, message) => {
    await positive();
    expect((await failing(desk.share(input), code)).message).toMatch(message);
    expect(desk.view.test).toEqual({ result: "positive" });
  });

  test("since a day leaves older keys out", async () => {
    await positive();
    expect(await drive(desk.share({ since: today(1) }))).toMatchObject({ inserted: 2 });
  });
});

describe("with codes of the health authority", () => {
  const withCodes = () =>
    rig.desk({ publishing: "verification-code", testResults: false, apiKey: rig.server.deviceKey });

  test("a code publishes, and shows nowhere", async () => {
    const device = await rig.wornToken("A");
    rig.world.run(3 * DAY);
    const code = await rig.issue();
    desk = withCodes();
    await begin(device);
    await failing(desk.share({}), "test-missing");
    await failing(desk.share({ code: "12" }), "code-malformed");
    await failing(desk.share({ code: "00000000" }), "code-refused");
    expect(await drive(desk.share({ code }))).toMatchObject({ inserted: 4 });
    await failing(desk.share({ code }), "code-refused");
    expect(JSON.stringify(desk.view)).not.toContain(code);
  });
});

describe("a desk that is connected with less", () => {
  test("says so, and refuses what it cannot do", async () => {
    const device = await rig.wornToken("A");
    desk = rig.desk({
      exports: undefined,
      testResults: false,
      publishing: null,
      noServers: true,
      demonstration: true,
    });
    expect(desk.view.setUp).toEqual({
      exports: false,
      testResults: false,
      publishing: null,
      demonstration: true,
    });
    await begin(device);
    await failing(desk.check({}), "exports-not-connected");
    await failing(desk.lookUp({ code: CODE }), "laboratories-not-connected");
    await failing(desk.share({}), "publishing-not-connected");
    expect(await drive(desk.pause({}))).toMatchObject({ state: "paused" });
  });
});

describe("two desks on one air", () => {
  test("serve each its own token, whose windows are open at the same time", async () => {
    const a = await rig.exposedToken();
    const b = await rig.wornToken("B");
    const other = rig.desk();
    rig.press(a, b);
    const began = [desk.begin({ card: cardOf(a) }), other.begin({ card: cardOf(b) })];
    const [first, second] = await drive(Promise.all(began));
    expect([first!.logEmpty, second!.logEmpty]).toEqual([false, true]);
    const [exposed, unexposed] = await drive(Promise.all([desk.check({}), other.check({})]));
    expect([exposed.level, unexposed.level]).toEqual(["high", "none"]);
    await drive(other.pause({}));
    expect([desk.view.visit!.status!.state, other.view.visit!.status!.state]).toEqual([
      "on",
      "paused",
    ]);
  });
});
