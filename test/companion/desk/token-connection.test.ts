import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Desk } from "../../../companion/desk/desk.ts";
import type { DeskView } from "../../../companion/desk/desk-api.ts";
import { Failure } from "../../../companion/failure.ts";
import { connectTo, type LinkFaults } from "../../../simulator/link.ts";
import { expectFailure } from "../../support/expect-failure.ts";
import { MINUTE } from "../../support/rig.ts";
import { cardOf, DeskRig } from "./desk-rig.ts";

let rig: DeskRig;

beforeEach(async () => {
  rig = await DeskRig.open();
});

afterEach(() => rig.close());

const drive = <T>(promise: Promise<T>): Promise<T> => rig.world.drive(promise);

/** A desk that counts how often a token is looked for. */
function searching(faults: LinkFaults = {}): { desk: Desk; searches: () => number } {
  const desk = rig.desk({ faults, exports: undefined, lockAfterSeconds: undefined });
  let searches = 0;
  let before: DeskView = desk.view;
  desk.watch(() => {
    const { view } = desk;
    const isSearching = view.activity?.step === "searching";
    if (isSearching && before.activity?.step !== "searching") searches++;
    before = view;
  });
  return { desk, searches: () => searches };
}

describe("the connection to a token", () => {
  test("is kept between actions for ten minutes, without the button being held again", async () => {
    const device = await rig.wornToken("A");
    const { desk, searches } = searching();
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    for (let minute = 0; minute < 9; minute++) await rig.pass(MINUTE);
    expect(await drive(desk.pause({}))).toMatchObject({ state: "paused" });
    expect(searches()).toBe(1);
    await rig.pass(2 * MINUTE);
    expect(device.nrf.onAir()?.connectable).toBeFalsy();
  });

  test("that has gone is not looked for until an action needs it, which has the whole time for it", async () => {
    const device = await rig.wornToken("A");
    const { desk, searches } = searching();
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    await rig.pass(11 * MINUTE);
    expect(searches()).toBe(1);
    expect(desk.view).toMatchObject({ activity: null, failure: null, visit: { status: {} } });
    const paused = desk.pause({});
    rig.world.timeline.after(25_000, () => device.press(3.5));
    expect(await drive(paused)).toMatchObject({ state: "paused" });
    expect(searches()).toBe(2);
  });

  test("that was lost since the last action is made again by the next one", async () => {
    const device = await rig.wornToken("A");
    const { desk, searches } = searching();
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    device.nrf.disconnect();
    expect(await drive(desk.pause({}))).toMatchObject({ state: "paused" });
    expect(searches()).toBe(2);
  });

  test("that is lost during an action is made again, and the action says so meanwhile", async () => {
    const device = await rig.wornToken("A");
    let writes = 0;
    const desk = rig.desk({ exports: undefined, faults: { cutBeforeWrite: () => ++writes === 5 } });
    const views: DeskView[] = [];
    desk.watch(() => views.push(desk.view));
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    await drive(desk.pause({}));
    const told = views.map(({ activity }) => activity).filter((each) => each !== null);
    expect(told.find((each) => each.connectionLost)).toMatchObject({ step: "searching" });
    expect(told.at(-1)).toMatchObject({ step: "writing", connectionLost: false });
  });

  test("is made with the token of the card only", async () => {
    const [a, b] = [await rig.wornToken("A"), await rig.wornToken("B")];
    const { desk } = searching();
    rig.press(a);
    await drive(desk.begin({ card: cardOf(a) }));
    a.powerOff();
    rig.press(b);
    await expectFailure(drive(desk.pause({})), "wrong-token");
    expect(desk.view.visit!.status).toMatchObject({ state: "on" });
    await desk.finish({});
    expect(await rig.atDesk(b, (client) => client.status())).toMatchObject({ state: "on" });
  });
});

describe("the radio", () => {
  test("is on from the first search of a visit to its end, so that others can use it", async () => {
    const device = await rig.wornToken("A");
    const { desk } = searching();
    expect(rig.radios).toBe(0);
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    await rig.pass(11 * MINUTE);
    expect(rig.radios).toBe(1);
    await desk.finish({});
    await rig.pass(1);
    expect(rig.radios).toBe(0);
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    expect(rig.radios).toBe(1);
    await desk.close();
    expect(rig.radios).toBe(0);
  });

  test("that is not there fails the action, and is switched on by the next one", async () => {
    const device = await rig.wornToken("A");
    const plugged = rig.radio([device]);
    let isThere = false;
    let opened = 0;
    const desk = rig.desk({
      openRadio: async () => {
        if (!isThere) throw new Failure("bluetooth-missing", "There is no adapter; plug one in.");
        opened++;
        return plugged();
      },
    });
    await expectFailure(drive(desk.begin({ card: cardOf(device) })), "bluetooth-missing");
    isThere = true;
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    expect(opened).toBe(1);
  });

  test("that was unplugged is switched off and on again", async () => {
    const device = await rig.wornToken("A");
    const plugged = rig.radio([device]);
    let opened = 0;
    let closed = 0;
    const desk = rig.desk({
      openRadio: async () => {
        const isBroken = opened++ === 0;
        const { links } = await plugged();
        return {
          async *links(milliseconds, refused) {
            if (isBroken) {
              throw new Failure("bluetooth-off", "The adapter does not answer; plug it in again.");
            }
            yield* links(milliseconds, refused);
          },
          close: async () => {
            closed++;
          },
        };
      },
    });
    rig.press(device);
    await expectFailure(drive(desk.begin({ card: cardOf(device) })), "bluetooth-off");
    expect([opened, closed]).toEqual([1, 1]);
    await drive(desk.begin({ card: cardOf(device) }));
    expect([opened, closed]).toEqual([2, 1]);
  });

  test("is never switched on twice: the next visit waits until it is off", async () => {
    const device = await rig.wornToken("A");
    const log: string[] = [];
    const plugged = rig.radio([device]);
    const desk = rig.desk({
      openRadio: async () => {
        log.push("on");
        return {
          links: (await plugged()).links,
          close: async () => {
            for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
            log.push("off");
          },
        };
      },
    });
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    await desk.finish({});
    await drive(desk.begin({ card: cardOf(device) }));
    expect(log).toEqual(["on", "off", "on"]);
  });
});

describe("a search that is ended", () => {
  test("lets go of a token that it had just reached", async () => {
    const device = await rig.wornToken("A");
    const { desk } = searching();
    const began = desk.begin({ card: cardOf(device) });
    rig.press(device);
    await new Promise(setImmediate);
    await desk.finish({});
    await expectFailure(drive(began), "visit-ended");
    await rig.pass(1);
    // Somebody else may serve it in the same window.
    const link = connectTo(device);
    link.disconnect();
  });
});
