import { describe, expect, test } from "vitest";
import { encode, OFF, ON, PAUSED, STATUS } from "../../protocol/messages.ts";
import { DAY, HOUR, MINUTE, MORNING } from "../support/rig.ts";
import { boot, type Firmware } from "../support/token/boot.ts";
import { heardFrom, Machine } from "../support/token/machine.ts";
import { rpiOnAir } from "../support/token/radio.ts";
import { atDesk, mixedUp, stateRequest, wornMachine } from "../support/token/worn.ts";

// The token hangs until the watchdog starts it anew; its clock stands still meanwhile, unless it is lost.
function restart(machine: Machine, keepsClock = true, hung = 450): Firmware {
  machine.powerOff();
  machine.world += hung;
  if (!keepsClock) machine.clock = 0;
  machine.wasHung = true;
  const firmware = boot(machine);
  machine.wasHung = false;
  return firmware;
}

const restartsToldBy = (machine: Machine): number =>
  atDesk(machine, () => [encode(STATUS, 3, "", [])])[0]!.at(-1)!;

describe("after a restart by the watchdog", () => {
  test.each([300, 450, 600])(
    "of %i s the token goes on as it was, in the same epoch, and tells a desk",
    (hung) => {
      const { machine, firmware } = wornMachine(MORNING);
      machine.advance(3 * HOUR + 17 * MINUTE);
      const epoch = firmware.image[firmware.EPOCH];
      const restarted = restart(machine, true, hung);
      expect(Math.abs(machine.clock - machine.world)).toBeLessThan(152);
      expect(restarted.image[restarted.EPOCH]).toBe(epoch);
      expect(restarted.image[restarted.DOUBTFUL]).toBe(0);
      expect(restarted.image[restarted.STATE]).toBe(ON);
      machine.advance(21 * MINUTE);
      expect(rpiOnAir(machine.radio.onAir)).toBeDefined();
      expect(mixedUp(machine)).toEqual([]);
      const intervals = machine.aired.map(({ interval }) => interval);
      expect(intervals).toEqual([...new Set(intervals)].sort((a, b) => a - b));
      expect(restartsToldBy(machine)).toBe(1);
    },
  );

  test("a clock that did not survive is guessed, as after a power cut", () => {
    const { machine, firmware } = wornMachine(MORNING);
    machine.advance(3 * HOUR);
    const epoch = firmware.image[firmware.EPOCH]!;
    const restarted = restart(machine, false);
    expect(restarted.image[restarted.EPOCH]).toBe(epoch + 1);
    expect(restarted.image[restarted.DOUBTFUL]).toBe(1);
    expect(restartsToldBy(machine)).toBe(1);
  });

  test("each is counted once, other starts are not, and 255 stands for more", () => {
    const { machine } = wornMachine(MORNING);
    for (let times = 1; times <= 260; times++) {
      const { image, RESTARTS } = restart(machine);
      expect(image[RESTARTS]).toBe(Math.min(255, times));
      machine.advance(times % 40);
      if (times % 50) continue;
      machine.powerOff();
      expect(boot(machine).image[RESTARTS]).toBe(Math.min(255, times));
    }
    expect(restartsToldBy(machine)).toBe(255);
  });

  test("what was logged until five minutes before is kept", () => {
    const { machine } = wornMachine(MORNING);
    machine.around = () => [heardFrom(7, -60)];
    machine.advance(2 * HOUR);
    const before = machine.appended.reduce((sum, { minutes }) => sum + minutes, 0);
    expect(before).toBeGreaterThan(110);
    restart(machine);
    machine.advance(HOUR);
    const minutes = machine.appended.reduce((sum, each) => sum + each.minutes, 0);
    expect(minutes - before).toBeGreaterThan(45);
  });
});

describe("the watchdog hears at least every five minutes", () => {
  // Also over the change that the last request makes, and while the window is open.
  function expectKicks(machine: Machine, from: number): void {
    const kicks = [from, ...machine.kicks.filter((at) => at > from), machine.world];
    const waits = kicks.slice(1).map((at, index) => at - kicks[index]!);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5 * MINUTE + 1);
  }

  test("of a token whose clock was never set", () => {
    const machine = new Machine(new Uint8Array(6 * 4096).fill(0xff), MORNING);
    boot(machine);
    machine.advance(DAY);
    expectKicks(machine, MORNING);
  });

  test.each([
    ["on", ON],
    ["paused", PAUSED],
    ["off", OFF],
  ])("of one that is %s", (_, state) => {
    const { machine } = wornMachine(MORNING);
    const from = machine.world;
    machine.advance(HOUR + 123);
    atDesk(machine, () => [stateRequest(state)]);
    machine.advance(2 * DAY);
    expectKicks(machine, from);
  });

  test("of one that is paused and goes on again and again", () => {
    const { machine } = wornMachine(MORNING);
    const from = machine.world;
    for (let times = 0; times < 40; times++) {
      machine.press(11);
      machine.advance(times * 13);
    }
    expectKicks(machine, from);
  });

  test("of one whose desk talks as long as it may, then again", () => {
    const { machine } = wornMachine(MORNING);
    const from = machine.world;
    for (let visit = 0; visit < 3; visit++) {
      machine.press(3.5);
      for (let second = 0; second < 590; second += 30) {
        machine.request(encode(STATUS, 1, "", []));
        machine.advance(29);
      }
      machine.advance(80);
    }
    expectKicks(machine, from);
  });

  test("of one whose radio fails at every call", () => {
    const { machine } = wornMachine(MORNING);
    const from = machine.world;
    machine.radio.fails = () => true;
    machine.advance(DAY);
    expectKicks(machine, from);
  });

  test("of one whose flash fails at every change", () => {
    const { machine } = wornMachine(MORNING);
    const from = machine.world;
    machine.around = () => [heardFrom(7, -60)];
    machine.flash.fails = () => true;
    machine.advance(DAY);
    expectKicks(machine, from);
  });
});
