/**
 * Rooms along a corridor, and the spots that furniture makes in them.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { bearing, type Room } from "./building.ts";
import { type Spot, STILL } from "./day-plan.ts";

const CORRIDOR_METRES = 2;
/** From the middle of a table to who sits at it. */
const TABLE_METRES = 0.7;
/** Between the middles of tables: neighbours' backs are more than 2 m apart. */
const TABLE_PITCH = 3.6;

/** Size of a room in metres. */
export interface RoomSize {
  readonly width: number;
  readonly depth: number;
}

/** Lays rooms out on both sides of a corridor, always on the side that is shorter. @returns one room for each size, in order */
export function alongCorridor<const Sizes extends readonly RoomSize[]>(
  site: number,
  sizes: Sizes,
): { readonly [Index in keyof Sizes]: Room } {
  let near = 0;
  let far = 0;
  return sizes.map(({ width, depth }) => {
    if (near <= far) {
      near += width;
      return { site, left: near - width, top: -depth, width, depth };
    }
    far += width;
    return { site, left: far - width, top: CORRIDOR_METRES, width, depth };
  }) as { [Index in keyof Sizes]: Room };
}

/** The size of a room with tables for so many persons. */
export function diningSize(persons: number): RoomSize {
  const tables = Math.max(1, Math.ceil(persons / 4));
  const columns = Math.ceil(Math.sqrt(tables));
  return { width: columns * TABLE_PITCH, depth: Math.ceil(tables / columns) * TABLE_PITCH };
}

/** Seats at tables of four, each facing the middle of its table; four in a row sit together. */
export function tableSeats(room: Room): Spot[] {
  const seats: Spot[] = [];
  for (let y = TABLE_PITCH / 2; y < room.depth; y += TABLE_PITCH) {
    for (let x = TABLE_PITCH / 2; x < room.width; x += TABLE_PITCH) {
      for (const side of [0, 180, 90, 270]) {
        seats.push(beside(at(room, x, y), TABLE_METRES, side));
      }
    }
  }
  return seats;
}

/** Seats in rows, `pitch` metres apart, all facing one way. */
export function rowsOfSeats(room: Room, pitch: number): Spot[] {
  const seats: Spot[] = [];
  for (let y = pitch / 2; y < room.depth; y += pitch) {
    for (let x = pitch / 2; x < room.width; x += pitch) seats.push(at(room, x, y, 90));
  }
  return seats;
}

/** A seat in a room, so far from its left and its top, in metres. */
export function at(room: Room, x: number, y: number, heading?: number): Spot {
  const spot = { room, x: room.left + x, y: room.top + y, still: STILL.seated };
  return heading === undefined ? spot : { ...spot, heading };
}

/** Anywhere in a room, standing. */
export function anywhere(room: Room, random: Random): Spot {
  const x = 0.5 + (room.width - 1) * random.uniform();
  const y = 0.5 + (room.depth - 1) * random.uniform();
  return { ...at(room, x, y), still: STILL.standing };
}

/** A spot so many metres from another one, on the side `degrees`, facing it. */
export function beside(spot: Spot, metres: number, degrees: number): Spot {
  const angle = (degrees * Math.PI) / 180;
  const x = spot.x + metres * Math.cos(angle);
  const y = spot.y + metres * Math.sin(angle);
  return facing({ ...spot, x, y }, spot);
}

/** The same for somebody who stands there for a moment. */
export function standingBeside(spot: Spot, metres: number, degrees: number): Spot {
  return { ...beside(spot, metres, degrees), still: STILL.standing };
}

/** Takes any of the seats that are left out of their list, which must not be empty. */
export function takeSeat(left: Spot[], random: Random): Spot {
  const [seat] = left.splice(Math.floor(random.uniform() * left.length), 1) as [Spot];
  return seat;
}

/** The same spot, turned to another one. */
export function facing(spot: Spot, other: Spot): Spot {
  const turned = { ...spot, heading: 0 };
  return { ...turned, heading: bearing(turned, other.x, other.y) };
}
