import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LAYOUTS, PAGE_BYTES } from "../../protocol/flash-layout.ts";
import type { Chip } from "../../simulator/chip/chip.ts";
import { INVALID_STATE } from "../../simulator/espruino/s132.ts";
import { boot, NO_CHIP } from "./token.ts";

const WATCHDOG_START = 0x40010000;
const WATCHDOG_COUNT = 0x40010504;
const WATCHDOG_RELOADS = 0x40010508;
const WATCHDOG_CONFIGURATION = 0x4001050c;
const WATCHDOG_RELOAD = 0x40010600;
const RELOAD = 0x6e524635;
/** Goes on while the processor sleeps. */
const WHILE_ASLEEP = 1;
const DCDC = 0x40000578;
const CAUSE_WATCHDOG = 2;
const SET_RETAINED = 58;
const GET_RETAINED = 60;
const NOT_INITIALISED = 0x2000fff0;
const MARK = Uint8Array.from({ length: 16 }, (_, index) => index);

let chip: Chip;

function word(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Starts the watchdog with one reload register, on a chip without our firmware, which starts its own. */
async function watch(seconds: number): Promise<void> {
  await chip.end();
  const { storagePages } = LAYOUTS.puckjs;
  chip = await boot("application", new Uint8Array(storagePages * PAGE_BYTES).fill(0xff));
  await chip.poke(WATCHDOG_COUNT, word(seconds * 32768));
  await chip.poke(WATCHDOG_RELOADS, word(1));
  await chip.poke(WATCHDOG_CONFIGURATION, word(WHILE_ASLEEP));
  await chip.poke(WATCHDOG_START, word(1));
}

describe.skipIf(NO_CHIP)("the chip's power", () => {
  beforeEach(async () => {
    chip = await boot("application");
  });
  afterEach(() => chip.end());

  test("the watchdog resets it, and RAM outside of the variables stays", async () => {
    await watch(2);
    const { gpregret, time } = chip.state;
    await chip.poke(NOT_INITIALISED, MARK);
    const reset = await chip.runUntil("reset", 10_000);
    expect(reset?.cause).toBe("watchdog");
    expect(reset!.time - time).toBeCloseTo(2, 2);
    expect(Buffer.from(await chip.memory(NOT_INITIALISED, 16))).toEqual(Buffer.from(MARK));
    expect(chip.state).toMatchObject({ resetreas: CAUSE_WATCHDOG, gpregret, dcdc: 0 });
    await chip.run(5000);
    expect(chip.state.fault).toBe("");
  });

  test("the watchdog waits for whom it is kicked by", async () => {
    await watch(2);
    for (let i = 0; i < 10; i++) {
      await chip.poke(WATCHDOG_RELOAD, word(RELOAD));
      await chip.run(1500);
    }
    expect(chip.eventsOf("reset")).toEqual([]);
    expect((await chip.runUntil("reset", 3000))?.cause).toBe("watchdog");
  });

  test("without power everything but flash is lost", async () => {
    const storage = await chip.storage();
    await chip.poke(NOT_INITIALISED, MARK);
    await chip.reset("power");
    expect(Buffer.from(await chip.memory(NOT_INITIALISED, 16))).not.toEqual(Buffer.from(MARK));
    expect(chip.state).toMatchObject({ gpregret: 0, dcdc: 0, resetreas: 0 });
    expect(Buffer.from(await chip.storage()).equals(storage)).toBe(true);
  });

  test("registers are what they are written to, and the SoftDevice only adds to the retained one", async () => {
    await chip.poke(DCDC, word(0));
    expect(chip.state.dcdc).toBe(0);
    const { gpregret } = chip.state;
    await chip.call(SET_RETAINED, 0, 0);
    expect(chip.state.gpregret).toBe(gpregret);
    await chip.call(SET_RETAINED, 0, 0x02);
    const room = chip.elf.addressOf("end") + 4096;
    await chip.poke(room, word(0));
    await chip.call(GET_RETAINED, 0, room);
    expect((await chip.memory(room, 1))[0]).toBe(gpregret | 0x02);
  });

  test("calls fail when they are told to", async () => {
    await chip.failNext("sd_ble_gap_adv_start", INVALID_STATE, 1);
    const before = chip.eventsOf("advertise").length;
    await chip.press(3.5);
    await chip.run(1000);
    expect(chip.eventsOf("advertise")[before]?.result).toBe(INVALID_STATE);
    expect((await chip.calls()).get("sd_ble_gap_adv_start")).toBeGreaterThan(1);
  });
});
