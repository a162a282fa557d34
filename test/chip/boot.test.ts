import { afterEach, describe, expect, test } from "vitest";
import type { Chip } from "../../simulator/chip/chip.ts";
import { NON_CONNECTABLE } from "../../simulator/espruino/s132.ts";
import { boot, NO_CHIP, NO_SOFTDEVICE, switchOn, visit } from "./token.ts";

const ADV_NONCONN_IND = 2;
const SERVICE_DATA = "17166ffd";

let chip: Chip | undefined;
afterEach(() => chip?.end());

async function expectIdle(level: "application" | "radio"): Promise<void> {
  chip = await boot(level);
  expect(chip.state).toMatchObject({ fault: "", advertising: false, scanning: false, dcdc: 1 });
  expect(chip.state.stack).toBeGreaterThan(1000);
  expect(chip.state.stack).toBeLessThan(chip.stackRoom - 512);
  const { used, all } = await chip.variables();
  expect(used).toBeGreaterThan(500);
  expect(used).toBeLessThan(all);
  const { active } = chip.state;
  await chip.run(60_000);
  expect(chip.state.active - active).toBeLessThan(0.01);
}

describe.skipIf(NO_CHIP)("the application on the emulated chip", () => {
  test("boots the bundle and falls asleep", () => expectIdle("application"));

  test("switched on, it advertises once the window is closed", async () => {
    chip = await boot("application");
    await switchOn(chip);
    const data = chip.eventsOf("data").at(-1);
    expect(data?.result).toBe(0);
    expect(data?.data).toContain(SERVICE_DATA);
    expect(chip.eventsOf("advertise").at(-1)).toMatchObject({ type: NON_CONNECTABLE, result: 0 });
    expect(chip.state.advertising).toBe(true);
  });

  test("its log has the neighbours that it has heard", async () => {
    chip = await boot("application");
    await switchOn(chip);
    await chip.setNeighbours(3);
    await chip.run(1_800_000);
    await visit(chip, async (token) => {
      expect((await token.readLog()).length).toBeGreaterThan(0);
    });
  });

  test("the same commands give the same result", async () => {
    const life = async (): Promise<unknown> => {
      chip = await boot("application");
      await chip.press(3.5);
      const { events, state } = chip;
      await chip.end();
      return { events, state };
    };
    expect(await life()).toEqual(await life());
  });

  test("a reset starts it anew", async () => {
    chip = await boot("application");
    for (const [kind, resetreas] of [
      ["pin", 1],
      ["soft", 4],
      ["power", 0],
    ] as const) {
      await chip.reset("power");
      await chip.reset(kind);
      expect(chip.state.resetreas).toBe(resetreas);
      await chip.run(5000);
      expect(chip.state.fault).toBe("");
    }
  });
});

describe.skipIf(NO_SOFTDEVICE)("with the real SoftDevice", () => {
  test("boots the bundle and falls asleep", () => expectIdle("radio"));

  test("a token that is on sends its beacon and hears its neighbours", async () => {
    chip = await boot("application");
    await switchOn(chip);
    const storage = await chip.storage();
    await chip.end();

    chip = await boot("radio", storage);
    await chip.trace(true);
    await chip.run(10_000);
    const sent = chip.eventsOf("transmitted");
    expect(sent.length).toBeGreaterThan(90);
    expect(new Set(sent.map(({ channel }) => channel))).toEqual(new Set([37, 38, 39]));
    for (const packet of sent) {
      expect(packet).toMatchObject({ pdu: ADV_NONCONN_IND, random: true });
      expect(packet.data).toContain(SERVICE_DATA);
    }

    await chip.setNeighbours(5);
    expect(await chip.runUntil("scan", 600_000)).toMatchObject({ result: 0 });
    await chip.run(1000);
    const heard = new Set(chip.eventsOf("received").map(({ neighbour }) => neighbour));
    expect(heard.size).toBeGreaterThan(0);
  });
});
