import type { Sighting, Sightings } from "../../../simulator/findings/conclude.ts";
import type { Contact as TrueContact, Truth } from "../../../simulator/scenarios/truth.ts";
import { FIRST } from "./written-token.ts";

/** Minutes since the start in seconds. */
export const minutes = (count: number): number => count * 60;

/** A true contact of persons 0 and 1 between two minutes, unless told. */
export function contact(from: number, to: number, changes: Partial<TrueContact> = {}): TrueContact {
  const seconds = minutes(to - from);
  return { a: 0, b: 1, from: minutes(from), to: minutes(to), seconds, metres: 1, ...changes };
}

/** What is true when nothing but these contacts happened, each without a pause. */
export function truthOf(contacts: readonly TrueContact[]): Truth {
  return {
    contacts,
    secondsWithin: (one, other, from, to) => {
      const [a, b] = [Math.min(one, other), Math.max(one, other)];
      return contacts
        .filter((each) => each.a === a && each.b === b)
        .reduce(
          (sum, each) => sum + Math.max(0, Math.min(to, each.to) - Math.max(from, each.from)),
          0,
        );
    },
  };
}

/** A sighting so many intervals after the start. */
export function sighting(at: number, heard = 5, meanAttenuation = 60): Sighting {
  return {
    interval: FIRST + at,
    minutes: heard,
    meanAttenuation,
    bestAttenuation: meanAttenuation,
  };
}

/** Sightings by wearer and other. */
export function logged(
  rows: readonly (readonly [wearer: number, other: number, sightings: readonly Sighting[]])[],
): Sightings {
  const all = new Map<number, Map<number, readonly Sighting[]>>();
  for (const [wearer, other, sightings] of rows) {
    const others = all.get(wearer) ?? new Map<number, readonly Sighting[]>();
    all.set(wearer, others.set(other, sightings));
  }
  return all;
}
