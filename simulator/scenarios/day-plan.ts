/**
 * Where one person is in the course of a day.
 *
 * @module
 */
import type { Random } from "../random.ts";
import type { Room } from "./building.ts";
import { DAY, HOUR, MINUTE } from "./days.ts";
import type { Stay } from "./stays.ts";

/** How long a person keeps still at a spot, on the average, in seconds. */
export const STILL = { asleep: 2 * HOUR, seated: 15 * MINUTE, standing: 5 * MINUTE } as const;
/** Nobody sits quite still: so far in each direction, in metres, and so many degrees. */
const SWAY_METRES = 0.1;
const SWAY_DEGREES = 20;

/** A spot to be at. */
export interface Spot {
  readonly room: Room;
  /** On the plan of the site, in metres. */
  readonly x: number;
  readonly y: number;
  /** Where one faces there, in degrees; anywhere if absent. */
  readonly heading?: number;
  /** One of {@link STILL}. */
  readonly still: number;
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly spot: Spot;
}

/** One person's day; whenever nothing is planned, they are out of everybody's reach. */
export class DayPlan {
  #parts: Part[] = [];

  /** Plans to be at `spot` between two times, in seconds since midnight, instead of what was planned for them. */
  put(from: number, to: number, spot: Spot): void {
    const part = { from: Math.max(0, Math.round(from)), to: Math.min(DAY, Math.round(to)), spot };
    if (part.from >= part.to) return;
    this.clear(part.from, part.to);
    this.#parts.push(part);
  }

  /** Plans to be away between two times. */
  clear(from: number, to: number): void {
    this.#parts = this.#parts.flatMap((part) => {
      if (part.to <= from || part.from >= to) return [part];
      const left: Part[] = [];
      if (part.from < from) left.push({ ...part, to: from });
      if (part.to > to) left.push({ ...part, from: to });
      return left;
    });
  }

  /** Where they are at a time. */
  spotAt(time: number): Spot | undefined {
    return this.#parts.find((part) => part.from <= time && time < part.to)?.spot;
  }

  /** The day as stays, cut into pieces between which the person moves a little; `midnight` in seconds since the start. */
  stays(person: number, midnight: number, random: Random): Stay[] {
    const stays: Stay[] = [];
    for (const { from, to, spot } of this.#parts) {
      for (let begin = from; begin < to; ) {
        const next = Math.min(to, begin + Math.round(spot.still * (0.5 + random.uniform())));
        const place = {
          room: spot.room,
          x: spot.x + SWAY_METRES * (2 * random.uniform() - 1),
          y: spot.y + SWAY_METRES * (2 * random.uniform() - 1),
          heading:
            spot.heading === undefined
              ? 360 * random.uniform()
              : spot.heading + SWAY_DEGREES * random.normal(),
        };
        stays.push({ person, from: midnight + begin, to: midnight + next, place });
        begin = next;
      }
    }
    return stays;
  }
}
