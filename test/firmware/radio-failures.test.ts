import { describe, expect, test } from "vitest";
import { intervalAt } from "../../protocol/intervals.ts";
import {
  ERASE,
  ERASE_CONFIRMATION,
  ERASE_LAYOUT,
  encode,
  OFF,
  PAUSED,
  STATUS,
} from "../../protocol/messages.ts";
import { HOUR, MINUTE, MORNING } from "../support/rig.ts";
import { boot } from "../support/token/boot.ts";
import { heardFrom, Machine } from "../support/token/machine.ts";
import { RADIO_CALLS, rpiOnAir } from "../support/token/radio.ts";
import { atDesk, mixedUp, stateRequest, statusOf, wornMachine } from "../support/token/worn.ts";

const NEIGHBOUR = 7;

// A worn token with somebody beside it, and when it was heard.
function worn() {
  const heard: number[] = [];
  const token = wornMachine(MORNING, 0, (machine) => {
    machine.around = () => {
      heard.push(machine.world);
      return [heardFrom(NEIGHBOUR, -60)];
    };
  });
  return { ...token, heard };
}

// All that makes a token use its radio: hours, a pause, a window that nobody uses.
function live(machine: Machine): void {
  machine.advance(HOUR);
  machine.press(11);
  machine.advance(10 * MINUTE);
  machine.press(11);
  machine.advance(HOUR / 2);
  machine.press(3.5);
  machine.advance(HOUR);
}

// Sends and listens, as ever: an identifier of the last 20 minutes is on air, and a scan was not long ago.
function expectAlive({ machine, heard }: ReturnType<typeof worn>, where: string): void {
  machine.advance(HOUR / 2);
  expect(rpiOnAir(machine.radio.onAir), where).toBeDefined();
  const { interval } = machine.aired.at(-1)!;
  expect(intervalAt(machine.clock) - interval, where).toBeLessThanOrEqual(2);
  expect(machine.world - heard.at(-1)!, where).toBeLessThan(6 * MINUTE);
  expect(mixedUp(machine), where).toEqual([]);
}

describe("the radio", () => {
  test("fails once, at any call: the token goes on, and a desk is told", () => {
    const reference = worn();
    const from = reference.machine.radio.count;
    live(reference.machine);
    const calls = reference.machine.radio.count - from;
    expect(calls).toBeGreaterThan(100);
    for (let at = 0; at < calls; at++) {
      const token = worn();
      const { radio } = token.machine;
      let failed = "";
      radio.fails = (call, count) => {
        if (count === from + at) failed = call;
        return count === from + at;
      };
      live(token.machine);
      expectAlive(token, `call ${at}, ${failed}`);
      expect(token.firmware.failures, `call ${at}, ${failed}`).toBe(1);
    }
    const token = worn();
    token.machine.radio.fails = (_, count) => count === from;
    live(token.machine);
    expect(statusOf(token.machine).failures).toBe(1);
  });

  test("is held by a central that does not let go: no beacon under the window's address, and one when it is gone", () => {
    for (const lingering of [15, 3000, 7000, 32_000]) {
      const token = worn();
      const { machine } = token;
      machine.press(3.5);
      const { address } = machine.radio.onAir!;
      machine.request(encode(STATUS, 1, "", []));
      machine.lingering = lingering;
      machine.advance(3 * MINUTE);
      const later = machine.sent.filter(
        ({ onAir }) => onAir?.address === address && !onAir.connectable,
      );
      expect(later).toEqual([]);
      machine.advance(6 * MINUTE);
      expectAlive(token, `${lingering} ms`);
    }
  });

  test.each([...RADIO_CALLS, "all calls"])(
    "fails for hours at %s: then the token goes on",
    (name) => {
      const token = worn();
      const { machine, firmware } = token;
      machine.radio.fails = (call) => call === name || name === "all calls";
      machine.advance(3 * HOUR);
      machine.radio.fails = () => false;
      // What failed is tried again with the next scan.
      machine.advance(6 * MINUTE);
      expectAlive(token, name);
      const isUsed = /^(sleep|wake|setAdvertising|setAddress|setScan|all calls)$/.test(name);
      expect(firmware.failures > 0).toBe(isUsed);
      expect(statusOf(machine).failures).toBe(Math.min(255, firmware.failures));
    },
  );

  test("fails while its wearer pauses it: then it is silent five minutes later at most", () => {
    for (let failing = 1; failing < 6; failing++) {
      const { machine } = worn();
      const from = machine.radio.count;
      machine.radio.fails = (call, count) => call === "sleep" && count < from + failing;
      machine.press(10.5);
      machine.radio.fails = () => false;
      machine.advance(5 * MINUTE + 1);
      expect(machine.radio.onAir).toBeUndefined();
      machine.advance(HOUR);
      expect(machine.radio.onAir).toBeUndefined();
    }
  });

  test("fails while the token starts: it goes on", () => {
    const { machine: before } = worn();
    const restart = (prepare: (machine: Machine) => void) => {
      const machine = new Machine(before.flash.bytes.slice(), before.world);
      const heard: number[] = [];
      machine.around = () => {
        heard.push(machine.world);
        return [];
      };
      prepare(machine);
      const firmware = boot(machine);
      return { machine, firmware, heard };
    };
    const { radio } = restart(() => {}).machine;
    for (let at = 0; at < radio.count; at++) {
      const token = restart((machine) => {
        machine.radio.fails = (_, count) => count === at;
      });
      token.machine.advance(HOUR);
      expectAlive(token, `call ${at}`);
    }
  });
});

describe("silence while listening", () => {
  // Whether the token was ever on air during a scan.
  function sentWhileListening(machine: Machine): string[] {
    const offences: string[] = [];
    const changed = machine.onAirChanged.bind(machine);
    machine.onAirChanged = (onAir) => {
      if (onAir && machine.radio.hears) offences.push(`on air at ${machine.world}`);
      changed(onAir);
    };
    const listening = machine.onScan.bind(machine);
    machine.onScan = () => {
      if (machine.radio.onAir) offences.push(`listens at ${machine.world}`);
      listening();
    };
    return offences;
  }

  test("nothing is on air during a scan, but for a change of identifier, and the same goes on after it", () => {
    const { machine } = worn();
    const offences = sentWhileListening(machine);
    machine.advance(24 * HOUR);
    // One scan in some three thousand is met by a change.
    expect(offences.length).toBeLessThan(3);
    expect(machine.sent.filter(({ onAir }) => !onAir).length).toBeGreaterThan(300);
    for (const [at, { onAir }] of machine.sent.entries()) {
      if (!onAir) expect(machine.sent[at - 1]?.onAir).toBeDefined();
    }
    expect(mixedUp(machine)).toEqual([]);
  });

  // The first scan after a while, in seconds from now; what the token does until then is the same each time.
  function nextScan(): number {
    const { machine, heard } = worn();
    const from = machine.world;
    machine.advance(HOUR);
    // Packets come 100 ms into a scan.
    return heard.find((at) => at > from + 15 * MINUTE)! - 0.1 - from;
  }

  test.each([-0.05, 0.05, 0.15, 0.25, 0.35])(
    "who pauses %d s after a scan has begun is silent, and hears nothing",
    (after) => {
      const { machine, heard } = worn();
      machine.advance(nextScan() + after - 10);
      machine.press(11);
      const scans = heard.length;
      machine.advance(3 * HOUR);
      expect(machine.radio.onAir).toBeUndefined();
      const paused = machine.world - 3 * HOUR - 1;
      expect(machine.sent.filter(({ at, onAir }) => onAir && at > paused)).toEqual([]);
      expect(heard).toHaveLength(scans);
    },
  );

  test.each([-0.05, 0.05, 0.15, 0.25, 0.35])(
    "who opens the window %d s after a scan has begun sends nothing else until it closes",
    (after) => {
      const { machine } = worn();
      machine.advance(nextScan() + after - 3.5);
      machine.press(3.5);
      const opened = machine.sent.length;
      machine.advance(55);
      expect(machine.radio.onAir?.connectable).toBe(true);
      for (const { onAir } of machine.sent.slice(opened)) expect(onAir?.connectable).toBe(true);
      machine.advance(10);
      expect(rpiOnAir(machine.radio.onAir)).toBeDefined();
    },
  );

  test.each([
    ["switched off", () => stateRequest(OFF)],
    ["erased", () => encode(ERASE, 9, ERASE_LAYOUT, [ERASE_CONFIRMATION])],
    ["paused", () => stateRequest(PAUSED)],
  ])("a token that is %s at a desk sends nothing from its window on", (_, request) => {
    const { machine } = worn();
    machine.advance(nextScan());
    atDesk(machine, () => [request()]);
    const closed = machine.sent.length;
    machine.advance(6 * HOUR);
    expect(machine.radio.onAir).toBeUndefined();
    expect(machine.sent).toHaveLength(closed);
    expect(mixedUp(machine)).toEqual([]);
  });
});
