import { expect, test } from "vitest";
import { correctTimes } from "../../../companion/visit/log-times.ts";
import { warningsOf } from "../../../companion/visit/warnings.ts";
import { decodeLog } from "../../../protocol/encounter-log.ts";
import { DAY, HOUR, Rig } from "../../support/rig.ts";

async function wornToken() {
  const rig = new Rig();
  const device = await rig.wornToken("A");
  const status = await rig.atDesk(device, (client) => client.status());
  return { rig, device, status };
}

test("the desk warns of a battery when the token does", async () => {
  const { rig, device } = await wornToken();
  const codes = async (battery: number) => {
    device.battery = battery;
    rig.world.run(HOUR);
    const status = await rig.atDesk(device, (client) => client.status());
    expect(status.battery).toBe(battery);
    return warningsOf(status, []).map(({ code }) => code);
  };
  expect(await codes(66)).toEqual(["battery-low"]);
  expect(await codes(67)).toEqual([]);
});

test("a token whose clock was never set has not lost it", async () => {
  const rig = new Rig();
  const device = await rig.token("A");
  const status = await rig.atDesk(device, (client) => client.status());
  expect(status.clockDoubtful).toBe(true);
  expect(warningsOf(status, [])).toEqual([]);
});

test("dates are called uncertain as long as such meetings are in the log", async () => {
  const { rig, device } = await wornToken();
  await rig.wornToken("B");
  const visit = () =>
    rig.atDesk(device, async (client) => {
      const status = await client.status();
      const now = rig.world.now;
      const log = correctTimes(decodeLog(await client.readLog()), status, now);
      await client.setClock(() => now);
      return warningsOf(status, log).map(({ message }) => message);
    });
  for (let loss = 0; loss < 2; loss++) {
    device.powerOff();
    rig.world.run(DAY);
    device.powerOn();
    rig.sitTogether(["A", "B"], 20, 1);
  }
  const uncertain = [expect.stringMatching(/dates of some meetings are uncertain/)];
  expect(await visit()).toEqual(uncertain);
  expect(await visit()).toEqual(uncertain);
  rig.world.run(15 * DAY);
  expect(await visit()).toEqual([]);
});
