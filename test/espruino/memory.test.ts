import { expect, test } from "vitest";
import { DAYS, measureMemory } from "../../simulator/interpreter/memory.ts";
import { firmware } from "./token.ts";

/** The most variables of a Puck.js's 2,630 that the token may take. */
const LIMIT = 1700;
/** Objects that happen to be there or not when a day ends. */
const NOISE = 8;
const MINUTES = 60_000;

test.skipIf(!process.env["ESPRUINO"])(
  "on the real interpreter, a week with sixty neighbours stays within 1,700 variables and does not grow",
  { timeout: 5 * MINUTES },
  async () => {
    const memory = await measureMemory(process.env["ESPRUINO"] as string, firmware);
    // A build for 64 bits has larger variables and takes fewer of them.
    const all = [memory.afterBoot, memory.near, memory.filling, memory.merging, ...memory.peaks];
    expect(Math.min(...all)).toBeGreaterThan(1000);
    expect(Math.max(...all)).toBeLessThanOrEqual(LIMIT);
    expect(memory.days).toHaveLength(DAYS);
    expect(Math.max(...memory.days)).toBeLessThanOrEqual(memory.days[0]! + NOISE);
    // From the second day on nothing comes on top; on the first one the log had not been full before.
    expect(Math.max(...memory.peaks)).toBeLessThanOrEqual(memory.peaks[1]! + NOISE);
  },
);
