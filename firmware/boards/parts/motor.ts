/** A vibration motor in the place of lights: signals differ by number and length alone. */
import type { Timer } from "../../board.ts";
import { after, cancel } from "./system.ts";

/** As long as the longest flash of a signal; a light may be lit for minutes. */
const LONGEST_MILLISECONDS = 1000;

let timer: Timer;

export function light(colour: number, on: boolean): void {
  cancel(timer);
  timer = on ? after(() => light(colour, false), LONGEST_MILLISECONDS) : undefined;
  VIBRATE.write(on);
}
