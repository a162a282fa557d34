/**
 * From persons who stay at places to pairs who are in reach of each other.
 *
 * @module
 */
import { type Place, REACH_METRES, type Stance, stanceOf } from "./building.ts";
import type { Episode } from "./scenario.ts";

/** A person who is at one place for a while, and does not turn. */
export interface Stay {
  readonly person: number;
  /** Seconds since the scenario's start, `from` included, `to` not. */
  readonly from: number;
  readonly to: number;
  readonly place: Place;
}

/** Two stays that overlap, of two persons in reach; `a` has the smaller index. */
export interface Meeting<T extends Stay> {
  readonly a: T;
  readonly b: T;
  readonly from: number;
  readonly to: number;
  readonly stance: Stance;
}

/**
 * Finds all meetings. Nobody may be at two places at once. Costs as much as there are pairs of stays that overlap in
 * time within the same or adjoining squares of {@link REACH_METRES}.
 */
export function eachMeeting<T extends Stay>(
  stays: readonly T[],
  found: (meeting: Meeting<T>) => void,
): void {
  const squares = new Map<number, T[]>();
  for (const stay of [...stays].sort((one, other) => one.from - other.from)) {
    const { room, x, y } = stay.place;
    const column = Math.floor(x / REACH_METRES);
    const row = Math.floor(y / REACH_METRES);
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        const square = squares.get(squareKey(room.site, column + dx, row + dy));
        if (square) meet(stay, square, found);
      }
    }
    const own = squareKey(room.site, column, row);
    const square = squares.get(own);
    if (square) square.push(stay);
    else squares.set(own, [stay]);
  }
}

// Numbers, because texts cost more than all else here; columns and rows are far fewer than 2^15 either way.
function squareKey(site: number, column: number, row: number): number {
  return (site * 2 ** 16 + (column + 2 ** 15)) * 2 ** 16 + (row + 2 ** 15);
}

// Finds who of `square` is still there, and forgets the others.
function meet<T extends Stay>(stay: T, square: T[], found: (meeting: Meeting<T>) => void): void {
  let left = 0;
  for (const other of square) {
    if (other.to <= stay.from) continue;
    square[left++] = other;
    if (other.person === stay.person) continue;
    const [a, b] = other.person < stay.person ? [other, stay] : [stay, other];
    const stance = stanceOf(a.place, b.place);
    if (stance) found({ a, b, from: stay.from, to: Math.min(stay.to, other.to), stance });
  }
  square.length = left;
}

/** The episode of a meeting. */
export function episodeOf({ a, b, from, to, stance }: Meeting<Stay>): Episode {
  const { metres, offA, offB, walls } = stance;
  return { a: a.person, b: b.person, from, to, metres, offA, offB, walls };
}

/** Puts episodes into their order: of beginning, then of persons. */
export function inOrder(episodes: Episode[]): Episode[] {
  return episodes.sort((one, other) => one.from - other.from || one.a - other.a || one.b - other.b);
}
