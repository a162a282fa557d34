/**
 * A home: a bedroom for two adults, rooms for two children each, and a living room with a table and a sofa.
 *
 * @module
 */
import type { Room } from "./building.ts";
import { type Spot, STILL } from "./day-plan.ts";
import { alongCorridor, at, beside } from "./furniture.ts";

/** How many of a household are adults. */
export const ADULTS = 2;
const SHARE_ROOM = 2;
const DOUBLE_BED_METRES = 0.9;
const CHILDREN_BEDS_METRES = 2.5;
const SOFA_METRES = 0.9;

/** Each member has a spot in bed, at the table and on the sofa. */
export interface House {
  readonly living: Room;
  readonly beds: readonly Spot[];
  readonly table: readonly Spot[];
  readonly sofa: readonly Spot[];
}

/** Furnishes a house of its own for so many members, adults first. */
export function furnish(site: number, members: number): House {
  const bedrooms = 1 + Math.ceil(Math.max(0, members - ADULTS) / SHARE_ROOM);
  const [living, ...rooms] = alongCorridor(site, [
    { width: 7, depth: 5 },
    ...Array.from({ length: bedrooms }, () => ({ width: 4, depth: 4 })),
  ]);
  const spots = Array.from({ length: members }, (_, index) => index);
  const table = at(living, 2.5, 2);
  // Half a metre of edge for each, and knees.
  const radius = 0.6 + 0.08 * members;
  return {
    living,
    beds: spots.map((index) => {
      const room = rooms[Math.floor(index / SHARE_ROOM)] as Room;
      const apart = index < ADULTS ? DOUBLE_BED_METRES : CHILDREN_BEDS_METRES;
      return { ...at(room, 1 + (index % SHARE_ROOM) * apart, 2), still: STILL.asleep };
    }),
    table: spots.map((index) => beside(table, radius, (360 * index) / members)),
    sofa: spots.map((index) => at(living, 1 + SOFA_METRES * index, 4.2, 270)),
  };
}
