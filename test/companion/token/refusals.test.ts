import { expect, test } from "vitest";
import { Rig } from "../../support/rig.ts";

const SAYS_WHAT_TO_DO = {
  code: "clock-not-set",
  message: expect.stringMatching(/set the token's clock first/),
};

test("a token whose clock was never set is not switched on", async () => {
  const rig = new Rig();
  const device = await rig.token("A");
  const attempt = rig.atDesk(device, (client) => client.setState("on", false));
  await expect(attempt).rejects.toMatchObject(SAYS_WHAT_TO_DO);
});

test("a token that has lost its time hands out no keys", async () => {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  device.powerOff();
  device.powerOn();
  const attempt = rig.atDesk(device, async (client) => {
    await client.setState("on", true);
    return client.readKeys();
  });
  await expect(attempt).rejects.toMatchObject(SAYS_WHAT_TO_DO);
});
