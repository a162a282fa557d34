import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Chip } from "../../simulator/chip/chip.ts";
import {
  HANGS,
  refusedAddress,
  refusedAdvertising,
  refusedAdvertisingData,
  refusedScan,
} from "../../simulator/espruino/s132.ts";
import { boot, NO_CHIP, NO_SOFTDEVICE } from "./token.ts";

const SET_ADDRESS = 108;
const SET_DATA = 114;
const START_ADVERTISING = 115;
const STOP_ADVERTISING = 116;
const START_SCAN = 138;
const STOP_SCAN = 139;
/** Lengths and types that the rules tell apart, and others. */
const LENGTHS = [0, 1, 2, 3, 4, 5, 17, 18, 30, 31, 252, 253, 254, 255];
const TYPES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0a, 0x14, 0x15, 0x16, 0xff];
const RANDOM_CASES = 400;

/** Always the same cases (Park and Miller 1988). */
function generator(): (limit: number) => number {
  let state = 1;
  return (limit) => {
    state = (state * 48271) % 0x7fffffff;
    return state % limit;
  };
}

const CASES: Uint8Array[] = [
  ...Array.from({ length: 256 }, (_, flags) => Uint8Array.of(2, 1, flags)),
  ...LENGTHS.flatMap((length) => TYPES.map((type) => Uint8Array.of(length, type, 6))),
  ...randomCases(),
];

function randomCases(): Uint8Array[] {
  const below = generator();
  return Array.from({ length: RANDOM_CASES }, () => {
    const bytes: number[] = [];
    for (let structures = 1 + below(4); structures; structures--) {
      const length = LENGTHS[below(LENGTHS.length)] as number;
      bytes.push(length, TYPES[below(TYPES.length)] as number);
      for (let i = 1; i < Math.min(length, 18); i++) bytes.push(below(8));
    }
    return Uint8Array.from(bytes.slice(0, 1 + below(33)));
  });
}

const ADVERTISING = [0, 1, 2, 3, 4].flatMap((type) =>
  [0, 0x1f, 0x20, 0x9f, 0xa0, 0x4000, 0x4001].flatMap((interval) =>
    [0, 1, 180, 181].map((timeout) => ({
      type,
      interval,
      timeout,
      limited: false,
      advertising: false,
    })),
  ),
);
const SCANS = [0, 3, 4, 5, 0xa0, 0x4000, 0x4001].flatMap((interval) =>
  [0, 3, 4, 5, 0xa0, 0x4000, 0x4001].map((window) => ({ interval, window, scanning: false })),
);
const ADDRESSES = [0, 1, 2, 3].flatMap((type) =>
  [0x00, 0x46, 0x86, 0xc6, 0xff].map((first) => ({ type, first, busy: false })),
);
const digits = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

let chip: Chip;

describe.skipIf(NO_CHIP)("the emulator's rules are those of the simulated boards", () => {
  beforeAll(async () => {
    chip = await boot("application");
  });
  afterAll(() => chip.end());

  test("for advertising data and scan responses", async () => {
    for (const bytes of CASES) {
      expect([digits(bytes), await chip.rules(`data ${digits(bytes)}`)]).toEqual([
        digits(bytes),
        refusedAdvertisingData(bytes),
      ]);
      expect(await chip.rules(`response ${digits(bytes)}`)).toBe(
        refusedAdvertisingData(bytes, true),
      );
    }
  });

  test("for starts and addresses", async () => {
    for (const advertising of [0, 1]) {
      for (const limited of [0, 1]) {
        for (const each of ADVERTISING) {
          const { type, interval, timeout } = each;
          const words = [type, interval, timeout, limited, advertising].join(" ");
          const options = { ...each, limited: !!limited, advertising: !!advertising };
          expect(await chip.rules(`advertising ${words}`)).toBe(refusedAdvertising(options));
        }
      }
      const busy = !!advertising;
      for (const each of SCANS) {
        const answer = await chip.rules(`scan ${each.interval} ${each.window} ${advertising}`);
        expect(answer).toBe(refusedScan({ ...each, scanning: busy }));
      }
      for (const each of ADDRESSES) {
        const answer = await chip.rules(`address ${each.type} ${each.first} ${advertising}`);
        expect(answer).toBe(refusedAddress({ ...each, busy }));
      }
    }
  });
});

describe.skipIf(NO_SOFTDEVICE)("S132 itself refuses what the rules refuse", () => {
  // Unused, between the variables and the stack.
  let room = 0;
  beforeAll(async () => {
    chip = await boot("radio");
    room = chip.elf.addressOf("end") + 4096;
  });
  afterAll(() => chip.end());

  // Behind the data are zeros: S132 looks at a structure before it looks whether that is whole.
  const setData = async (bytes: Uint8Array, isResponse: boolean): Promise<number> => {
    await chip.poke(room, Buffer.concat([bytes, new Uint8Array(64)]));
    return isResponse
      ? chip.call(SET_DATA, 0, 0, room, bytes.length)
      : chip.call(SET_DATA, room, bytes.length, 0, 0);
  };

  test("for advertising data and scan responses", async () => {
    for (const bytes of CASES) {
      for (const isResponse of [false, true]) {
        const rule = refusedAdvertisingData(bytes, isResponse);
        if (rule === HANGS) continue;
        expect([digits(bytes), isResponse, await setData(bytes, isResponse)]).toEqual([
          digits(bytes),
          isResponse,
          rule,
        ]);
      }
    }
  });

  test("for starts and addresses", async () => {
    const parameters = Buffer.alloc(16);
    for (const flags of [6, 5]) {
      await setData(Uint8Array.of(2, 1, flags), false);
      for (const each of ADVERTISING) {
        parameters.writeUInt8(each.type, 0);
        parameters.writeUInt16LE(each.interval, 10);
        parameters.writeUInt16LE(each.timeout, 12);
        await chip.poke(room, parameters);
        const answer = await chip.call(START_ADVERTISING, room);
        expect([each, answer]).toEqual([
          each,
          refusedAdvertising({ ...each, limited: flags === 5 }),
        ]);
        if (answer === 0) await chip.call(STOP_ADVERTISING);
      }
    }
    parameters.fill(0);
    for (const each of SCANS) {
      parameters.writeUInt16LE(each.interval, 2);
      parameters.writeUInt16LE(each.window, 4);
      await chip.poke(room, parameters);
      const answer = await chip.call(START_SCAN, room);
      expect([each, answer]).toEqual([each, refusedScan(each)]);
      if (answer === 0) await chip.call(STOP_SCAN);
    }
    for (const each of ADDRESSES) {
      await chip.poke(room, Uint8Array.of(each.type << 1, 6, 5, 4, 3, 2, each.first));
      expect([each, await chip.call(SET_ADDRESS, room)]).toEqual([each, refusedAddress(each)]);
    }
  });
});
