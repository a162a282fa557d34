/**
 * Places of their own for the persons of a trace, which says nothing about them: a building of corridors with rooms on
 * both sides.
 *
 * @module
 */
import type { Random } from "../random.ts";
import type { Place, Room } from "./building.ts";
import type { Span } from "./trace-contacts.ts";

/** A room for each, or open rooms in which those who meet often have their desks. */
export type Rooms = "own" | "shared";

/** Nobody who is at a place of their own comes nearer than this to others who are at theirs, in metres. */
export const LEAST_APART_METRES = 2.2;
const CORRIDOR_METRES = 2;
/** Distance between the middles of rooms, or of desks, in metres. */
const PITCH: Record<Rooms, number> = { own: 4, shared: 3 };
/** Desks stand in so many rows. */
const ROWS: Record<Rooms, number> = { own: 1, shared: 2 };
const MOST_IN_ROOM = 6;
/** Those who have met for so long, in seconds, may share a room. */
const OFTEN_SECONDS = 600;

/** Each person's place, and how far around it they may move in each direction, in metres. */
export interface Seats {
  readonly places: readonly Place[];
  readonly scatter: number;
}

/** Gives everybody a place; who sits beside whom is drawn from `random`. */
export function seat(
  persons: number,
  contacts: readonly Span[],
  rooms: Rooms,
  random: Random,
): Seats {
  const groups = shuffle(
    rooms === "own"
      ? Array.from({ length: persons }, (_, person) => [person])
      : thoseWhoMeet(persons, contacts),
    random,
  );
  const pitch = PITCH[rooms];
  const rows = ROWS[rooms];
  const depth = rows * pitch;
  const widthOf = (group: readonly number[]): number => Math.ceil(group.length / rows) * pitch;
  // About as long as it is wide.
  const area =
    groups.reduce((sum, group) => sum + widthOf(group), 0) * (depth + CORRIDOR_METRES / 2);
  const length = Math.sqrt(area);

  const places: Place[] = [];
  let left = 0;
  let row = 0;
  for (const group of groups) {
    if (left >= length) [left, row] = [0, row + 1];
    const top =
      Math.floor(row / 2) * (2 * depth + CORRIDOR_METRES) + (row % 2) * (depth + CORRIDOR_METRES);
    const room: Room = { site: 0, left, top, width: widthOf(group), depth };
    for (const [desk, person] of group.entries()) {
      const x = left + (Math.floor(desk / rows) + 0.5) * pitch;
      const y = top + ((desk % rows) + 0.5) * pitch;
      places[person] = { room, x, y, heading: 0 };
    }
    left += room.width;
  }
  return { places, scatter: (pitch - LEAST_APART_METRES) / 2 };
}

// Joins pairs, those with most time first, as long as all of a group fit into a room.
function thoseWhoMeet(persons: number, contacts: readonly Span[]): number[][] {
  const seconds = new Map<number, number>();
  for (const { a, b, from, to } of contacts) {
    const pair = a * persons + b;
    seconds.set(pair, (seconds.get(pair) ?? 0) + to - from);
  }
  const groups = Array.from({ length: persons }, (_, person) => [person]);
  const often = [...seconds].filter(([, time]) => time >= OFTEN_SECONDS);
  for (const [pair] of often.sort((one, other) => other[1] - one[1] || one[0] - other[0])) {
    const one = groups[Math.floor(pair / persons)] as number[];
    const other = groups[pair % persons] as number[];
    if (one === other || one.length + other.length > MOST_IN_ROOM) continue;
    one.push(...other);
    for (const person of other) groups[person] = one;
  }
  return [...new Set(groups)];
}

function shuffle<T>(items: T[], random: Random): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}
