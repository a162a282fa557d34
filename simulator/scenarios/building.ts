/**
 * Rooms, places in them, and how two persons stand to each other.
 *
 * @module
 */
import type { Episode } from "./scenario.ts";

/** How far two tokens that are worn may be from each other to be in reach at all, in metres. */
export const REACH_METRES = 15;
/** The same by walls between them; behind three, a beacon of 0 dBm is some 10 dB below what a token hears. */
const REACH = [REACH_METRES, REACH_METRES, 10] as const;
/** Two bodies are not at the same spot, even if two made-up days happen to send them there. */
const NEAREST_METRES = 0.4;
/** Behind a room's wall the next one comes after so many metres. */
const ROOM_METRES = 4;

/** A rectangle of a building, in metres. */
export interface Room {
  /** A building of its own: between sites nothing is heard. */
  readonly site: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly depth: number;
}

/** Where a person is. */
export interface Place {
  readonly room: Room;
  /** On the plan of the site, in metres. */
  readonly x: number;
  readonly y: number;
  /** Where they face, in degrees from the x axis to the y axis. */
  readonly heading: number;
}

/** How two persons stand to each other: of an episode, what is not who and when. */
export type Stance = Pick<Episode, "metres" | "offA" | "offB" | "walls">;

/** How `a` and `b` stand to each other, in whole degrees, or undefined when they are out of reach. */
export function stanceOf(a: Place, b: Place): Stance | undefined {
  if (a.room.site !== b.room.site) return undefined;
  const metres = Math.max(NEAREST_METRES, Math.hypot(b.x - a.x, b.y - a.y));
  if (metres > REACH_METRES) return undefined;
  const walls = wallsBetween(a.room, b.room);
  if (metres > (REACH[walls] ?? 0)) return undefined;
  return { metres, offA: offAxis(a, b), offB: offAxis(b, a), walls };
}

/** Interior walls between two rooms: one when they adjoin, and one more for each room, or part of one, between them. */
export function wallsBetween(one: Room, other: Room): number {
  if (one === other) return 0;
  const across = gap(one.left, one.width, other.left, other.width);
  const along = gap(one.top, one.depth, other.top, other.depth);
  return 1 + Math.round((across + along) / ROOM_METRES);
}

/** The direction from one place to another, in degrees. */
export function bearing(from: Place, x: number, y: number): number {
  return (Math.atan2(y - from.y, x - from.x) * 180) / Math.PI;
}

function offAxis(from: Place, to: Place): number {
  const turn = (((bearing(from, to.x, to.y) - from.heading) % 360) + 360) % 360;
  return Math.round(Math.min(turn, 360 - turn));
}

function gap(one: number, length: number, other: number, otherLength: number): number {
  return Math.max(0, other - (one + length), one - (other + otherLength));
}
