import { writeSync } from "node:fs";
import type { Chip } from "../../simulator/chip/chip.ts";

/** Milliseconds on the wall in which any of these tests is over, on a computer that has much else to do. */
export const PATIENT = 3_600_000;

const STDERR = 2;
const MILLISECONDS = 1000;

/** Shows a line at once; the test runner would keep it back until the test is over. */
export function tell(line: string): void {
  writeSync(STDERR, `chip: ${line}\n`);
}

/** Does something with a chip and tells how long that took: in its time, on the wall, and of its processor. */
export async function step<T>(chip: Chip, name: string, work: () => Promise<T>): Promise<T> {
  const { time, active } = chip.state;
  const begin = performance.now();
  const result = await work();
  const virtual = chip.state.time - time;
  const wall = (performance.now() - begin) / MILLISECONDS;
  const busy = chip.state.active - active;
  tell(
    `${name}: ${virtual.toFixed(1)} s, of which the processor ${busy.toFixed(3)} s; ${wall.toFixed(1)} s on the wall`,
  );
  return result;
}
