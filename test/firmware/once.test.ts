import { describe, expect, test } from "vitest";
import { dayOf, intervalAt } from "../../protocol/intervals.ts";
import {
  CONSENT_PUBLISH,
  ERASE,
  ERASE_CONFIRMATION,
  ERASE_LAYOUT,
  EXPOSURE_LAYOUT,
  encode,
  LEVEL_HIGH,
  ON,
  PAUSED,
  READ_KEYS,
  REFUSED,
  RESPONSE,
  WRITE_EXPOSURE,
} from "../../protocol/messages.ts";
import { HOUR, MINUTE, MORNING } from "../support/rig.ts";
import { heardFrom, type Machine } from "../support/token/machine.ts";
import { clockRequest, stateRequest, wornMachine } from "../support/token/worn.ts";

const REQUESTS: readonly (readonly [string, (machine: Machine) => Uint8Array])[] = [
  ["pausing", () => stateRequest(PAUSED)],
  ["setting the clock", (machine) => clockRequest(machine.clock + 20 * MINUTE)],
  ["reading the keys", () => encode(READ_KEYS, 3, "", [])],
  [
    "an exposure",
    (machine) => {
      const interval = intervalAt(machine.clock);
      const fields = [LEVEL_HIGH, dayOf(interval), 30, 60, interval, 0];
      return encode(WRITE_EXPOSURE, 4, EXPOSURE_LAYOUT, fields);
    },
  ],
  ["erasing", () => encode(ERASE, 5, ERASE_LAYOUT, [ERASE_CONFIRMATION])],
];

/** What the same frame did each time that it was written. */
interface Outcome {
  /** Whether flash or the clock were changed. */
  readonly changed: boolean;
  /** Type of the response, if there was one. */
  readonly type: number | undefined;
}

// Writes a request's frame again and again, first while something is wrong.
function insist(
  requestOf: (machine: Machine) => Uint8Array,
  disturb: (machine: Machine) => void,
  relieve: (machine: Machine) => void,
): Outcome[] {
  const { machine } = wornMachine(MORNING);
  machine.around = () => [heardFrom(7, -60)];
  machine.advance(2 * HOUR);
  machine.press(3.5);
  const session = machine.connect();
  machine.write(session.seal(stateRequest(ON, CONSENT_PUBLISH)));
  const request = requestOf(machine);
  const frame = session.seal(request);
  const outcomes: Outcome[] = [];
  for (let times = 0; times < 4; times++) {
    if (times === 0) disturb(machine);
    const { operations } = machine.flash;
    const [count, clock] = [operations.length, machine.clock];
    let changed = false;
    // What follows from a timer is looked at by itself.
    machine.aroundAction = (action) => {
      action();
      changed ||= operations.length > count || machine.clock !== clock;
      machine.aroundAction = (next) => next();
    };
    const response = machine.write(frame);
    relieve(machine);
    const message = response && session.open(response);
    if (message) expect([request[1], request[1]]).toContain(message[1]);
    outcomes.push({ changed, type: message?.[0] });
    machine.advance(5);
  }
  return outcomes;
}

describe.each(REQUESTS)("%s is done once", (_, requestOf) => {
  const done = (): Outcome[] =>
    insist(
      requestOf,
      () => {},
      () => {},
    );

  test("when its frame comes again", () => {
    const [first, ...again] = done();
    expect(first!.changed).toBe(true);
    for (const each of again) expect(each).toEqual({ changed: false, type: first!.type });
  });

  test.each([0, 1, 2, 3])(
    "when there is no room for the result of cryptography no. %i",
    (failing) => {
      const [plain] = done();
      const outcomes = insist(
        requestOf,
        (machine) => {
          let count = 0;
          machine.isFull = () => count++ >= failing;
        },
        (machine) => {
          machine.isFull = () => false;
        },
      );
      expect(outcomes.filter(({ changed }) => changed)).toHaveLength(1);
      // In the end the desk has its response.
      expect(outcomes.at(-1)!.type).toBe(plain!.type);
      expect(plain!.type! & RESPONSE).toBe(RESPONSE);
    },
  );

  test("when memory ends at any of its writes to flash", () => {
    for (let at = 0; ; at++) {
      let reached = false;
      const outcomes = insist(
        requestOf,
        ({ flash }) => {
          const from = flash.operations.length;
          flash.fails = (_, count) => {
            if (count !== from + at) return false;
            reached = true;
            throw new Error("out of memory");
          };
        },
        ({ flash }) => {
          flash.fails = () => false;
        },
      );
      if (!reached) {
        expect(at).toBeGreaterThan(0);
        break;
      }
      const [, ...again] = outcomes;
      for (const { changed, type } of again) {
        expect(changed, `write ${at}`).toBe(false);
        expect(type, `write ${at}`).toBe(again[0]!.type);
      }
      expect(again[0]!.type).toBeDefined();
      // Half done is not said to be done.
      if (outcomes[0]!.type !== undefined) expect(again[0]!.type).toBe(outcomes[0]!.type);
      expect([REFUSED, requestOf({ clock: MORNING } as Machine)[0]! | RESPONSE]).toContain(
        again[0]!.type,
      );
    }
  });
});
