import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Desk } from "../../../companion/desk/desk.ts";
import type { DeskApi } from "../../../companion/desk/desk-api.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { expectFailure } from "../../support/expect-failure.ts";
import { MINUTE } from "../../support/rig.ts";
import { CODE, cardOf, DeskRig } from "./desk-rig.ts";

let rig: DeskRig;
let desk: Desk;

beforeEach(async () => {
  rig = await DeskRig.open();
  desk = rig.desk({ exports: undefined });
});

afterEach(() => rig.close());

const drive = <T>(promise: Promise<T>): Promise<T> => rig.world.drive(promise);

async function visit(): Promise<EspruinoDevice> {
  const device = await rig.wornToken("A");
  await rig.register(CODE, "positive");
  await drive(desk.lookUp({ code: CODE }));
  rig.press(device);
  await drive(desk.begin({ card: cardOf(device) }));
  return device;
}

async function locked(): Promise<EspruinoDevice> {
  const device = await visit();
  rig.timers.pass(5 * MINUTE);
  expect(desk.view).toMatchObject({ locked: true, visit: null, test: null, failure: null });
  return device;
}

describe("a visit that nobody touches", () => {
  test("is locked after five minutes, from the last touch on", async () => {
    await visit();
    rig.timers.pass(4 * MINUTE);
    desk.stir();
    rig.timers.pass(5 * MINUTE - 1);
    expect(desk.view.locked).toBe(false);
    rig.timers.pass(1);
    expect(desk.view).toMatchObject({ locked: true, visit: null, test: null });
  });

  test("is locked as many seconds later as the desk is told, or never", async () => {
    desk = rig.desk({ exports: undefined, lockAfterSeconds: 10 });
    await visit();
    rig.timers.pass(10);
    expect(desk.view.locked).toBe(true);
    const tireless = rig.desk({ lockAfterSeconds: undefined });
    const [device] = rig.devices;
    rig.press(device!);
    await desk.finish({});
    await drive(tireless.begin({ card: cardOf(device!) }));
    rig.timers.pass(8 * 60 * MINUTE);
    expect(tireless.view).toMatchObject({ locked: false, visit: { status: { state: "on" } } });
  });

  test("shows nothing and refuses everything but the card and the end", async () => {
    const device = await locked();
    const inputs: { readonly [Action in keyof DeskApi]?: object } = {
      begin: { card: cardOf(device) },
      check: {},
      enrol: {},
      pause: {},
      resume: {},
      erase: { afterwards: "off" },
      acknowledge: {},
      lookUp: { code: CODE },
      share: {},
    };
    for (const [action, input] of Object.entries(inputs)) {
      await expectFailure(desk[action as "begin"](input as never), "desk-locked");
    }
    expect(desk.view).toMatchObject({ locked: true, failure: null });
    desk.stir();
    expect(desk.view.locked).toBe(true);
  });

  test("is opened again by its card, as it was", async () => {
    const device = await locked();
    await desk.unlock({ card: ` ${cardOf(device).toLowerCase()}` });
    expect(desk.view).toMatchObject({
      locked: false,
      visit: { status: { state: "on" } },
      test: { result: "positive" },
    });
    rig.timers.pass(5 * MINUTE);
    expect(desk.view.locked).toBe(true);
  });

  test("stays locked for any other card, and for none", async () => {
    await locked();
    const other = await rig.token("B");
    await expectFailure(desk.unlock({ card: cardOf(other) }), "wrong-card");
    expect(desk.view.failure).toMatchObject({ action: "unlock", code: "wrong-card" });
    await expectFailure(desk.unlock({ card: "" }), "card-code-malformed");
    expect(desk.view).toMatchObject({ locked: true, visit: null });
  });

  test("is wiped 15 minutes after it was locked, whatever cards were tried", async () => {
    const device = await locked();
    const other = await rig.token("B");
    rig.timers.pass(14 * MINUTE);
    await expectFailure(desk.unlock({ card: cardOf(other) }), "wrong-card");
    rig.timers.pass(MINUTE - 1);
    expect(desk.view.locked).toBe(true);
    rig.timers.pass(1);
    expect(desk.view).toMatchObject({ locked: false, visit: null, test: null, failure: null });
    await desk.unlock({ card: cardOf(device) });
    expect(desk.view.visit).toBeNull();
  });

  test("is ended by the next wearer without a card", async () => {
    await locked();
    await desk.finish({});
    expect(desk.view).toMatchObject({ locked: false, visit: null, test: null });
  });
});

test("a test without a visit is wiped instead of locked, since no card would open it", async () => {
  await rig.register(CODE, "positive");
  await drive(desk.lookUp({ code: CODE }));
  rig.timers.pass(5 * MINUTE);
  expect(desk.view).toMatchObject({ locked: false, test: null });
});

test("nothing is locked or wiped while an action goes on, nor for five minutes after it", async () => {
  const device = await rig.wornToken("A");
  const began = desk.begin({ card: cardOf(device) });
  rig.timers.pass(60 * MINUTE);
  expect(desk.view).toMatchObject({ locked: false, activity: { action: "begin" } });
  rig.press(device);
  await drive(began);
  rig.timers.pass(5 * MINUTE - 1);
  expect(desk.view.locked).toBe(false);
  rig.timers.pass(1);
  expect(desk.view.locked).toBe(true);
});

test("a desk at which nothing is open waits for nothing", async () => {
  const device = await visit();
  await desk.finish({});
  expect(rig.timers.waiting).toBe(0);
  await expectFailure(desk.begin({ card: `${cardOf(device)}0` }), "card-code-malformed");
  desk.stir();
  expect(rig.timers.waiting).toBe(0);
});
