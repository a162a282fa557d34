import { expect, test } from "vitest";
import { DAYS, measureMemory } from "../../simulator/interpreter/memory.ts";
import { FREE_VARIABLES, MOST_VARIABLES } from "../../simulator/interpreter/variables.ts";
import { firmware } from "./token.ts";

/** Of what a token may take, this much is kept for what comes next. */
const LIMIT = MOST_VARIABLES - FREE_VARIABLES;
/** Objects that happen to be there or not when a day ends. */
const NOISE = 8;
const MINUTES = 60_000;

test.skipIf(!process.env["ESPRUINO"])(
  "on the real interpreter, a week with sixty neighbours stays 200 variables below the limit and does not grow",
  { timeout: 10 * MINUTES },
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
