import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Desk } from "../../../companion/desk/desk.ts";
import { DAY } from "../../support/rig.ts";
import { CODE, cardOf, DeskRig } from "./desk-rig.ts";

let rig: DeskRig;
let desk: Desk;
const drive = <T>(promise: Promise<T>): Promise<T> => rig.world.drive(promise);

beforeEach(async () => {
  rig = await DeskRig.open();
  desk = rig.desk();
});

afterEach(() => rig.close());

describe("a visit", () => {
  test("from the card to the result on the token", async () => {
    const device = await rig.exposedToken();
    rig.press(device);
    const status = await drive(desk.begin({ card: cardOf(device) }));
    expect(status).toMatchObject({ state: "on", clockSet: true, logEmpty: false, lastCheck: null });
    const check = await drive(desk.check({}));
    expect(check).toMatchObject({ level: "high", warnings: [] });
    expect(desk.view.visit).toMatchObject({ check, status: { exposure: { level: "high" } } });
  });

  test("from a positive test to published keys", async () => {
    const device = await rig.wornToken("A");
    rig.world.run(3 * DAY);
    await rig.register(CODE, "positive");
    expect(await drive(desk.lookUp({ code: "01234 56789" }))).toEqual({ result: "positive" });
    rig.press(device);
    await drive(desk.begin({ card: cardOf(device) }));
    expect(await drive(desk.share({}))).toMatchObject({ inserted: 4, refused: 0, leftOut: 0 });
    expect(desk.view).toMatchObject({ test: null, visit: { published: { inserted: 4 } } });
  });
});
