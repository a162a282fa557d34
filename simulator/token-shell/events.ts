/**
 * What happens to a token, as the shell tells it.
 *
 * @module
 */
import { type Paint, stamp, type Tint } from "./style.ts";

/** What an event is about. */
export type EventKind =
  | "power"
  | "button"
  | "light"
  | "air"
  | "sync"
  | "scan"
  | "log"
  | "state"
  | "flash"
  | "screen"
  | "desk";

/** Something that has happened. */
export interface TokenEvent {
  readonly kind: EventKind;
  readonly text: string;
  /** Unix seconds. */
  readonly at: number;
}

/** How much is told: everything, everything but single scans, or nothing. */
export type EventLevel = "scans" | "on" | "off";

const TINTS: Readonly<Record<EventKind, Tint>> = {
  power: "yellow",
  button: "yellow",
  light: "cyan",
  air: "blue",
  sync: "blue",
  scan: "gray",
  log: "green",
  state: "magenta",
  flash: "magenta",
  screen: "cyan",
  desk: "yellow",
};

/** Whether an event is told at a level. */
export function isTold({ kind }: TokenEvent, level: EventLevel): boolean {
  return level === "scans" || (level === "on" && kind !== "scan");
}

/** An event as a line of at most 80 characters. */
export function eventLine({ kind, text, at }: TokenEvent, paint: Paint): string {
  return `${paint("gray", stamp(at))}  ${paint(TINTS[kind], kind.padEnd(6))}  ${text}`;
}

/** What was counted since counting began. */
export interface Tally {
  scans: number;
  /** Scans that heard nobody. */
  silent: number;
  beacons: number;
  rotations: number;
  records: number;
  erases: number;
}

/** Nothing counted yet. */
export const emptyTally = (): Tally => ({
  scans: 0,
  silent: 0,
  beacons: 0,
  rotations: 0,
  records: 0,
  erases: 0,
});
