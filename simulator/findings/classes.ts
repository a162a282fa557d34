/**
 * Recall by what contacts were like, and how wrong their durations are. Contacts of all seeds are taken together.
 *
 * @module
 */
import type { Findings, Found } from "./findings.ts";
import type { JudgedContact } from "./judge.ts";
import { spreadOf } from "./spread.ts";

/** Where classes of duration begin, in minutes; the last one ends with a whole day. */
const DURATIONS = [5, 10, 15, 20, 30, 45, 60, 120, 24 * 60];
/** Where classes of distance begin, in metres. Contacts reach to 2 m, and these belong to the last class. */
const DISTANCES = [0, 0.5, 1, 1.5, 2];
/** What is asked of contacts whose distance or duration is looked at, in minutes. */
const LEAST_MINUTES = 10;

/** Recall of contacts of 5 minutes or more by true duration. */
export function recallByDuration(judged: readonly JudgedContact[]): Found[] {
  return classesOf(judged, DURATIONS, ({ trueMinutes }) => trueMinutes);
}

/** Recall of contacts of 10 minutes or more by mean distance. */
export function recallByDistance(judged: readonly JudgedContact[]): Found[] {
  return classesOf(judged.filter(isLong), DISTANCES, ({ contact }) => contact.metres);
}

/** Concluded less true minutes of found contacts of 10 minutes or more; without any, 0 and no histogram. */
export function durationErrors(
  judged: readonly JudgedContact[],
): Pick<Findings, "durationError" | "durationErrors"> {
  const errors = judged
    .filter((each) => each.isFound && isLong(each))
    .map(({ concludedMinutes, trueMinutes }) => concludedMinutes - trueMinutes);
  const histogram = new Map<number, number>();
  for (const error of errors) {
    // Rounding makes a zero below zero, too.
    const minutes = Math.round(error) + 0;
    histogram.set(minutes, (histogram.get(minutes) ?? 0) + 1);
  }
  return {
    durationError: spreadOf(errors),
    durationErrors: [...histogram]
      .sort(([a], [b]) => a - b)
      .map(([minutes, contacts]) => ({ minutes, contacts })),
  };
}

function isLong({ trueMinutes }: JudgedContact): boolean {
  return trueMinutes >= LEAST_MINUTES;
}

// What lies beyond the last edge belongs to the last class.
function classesOf(
  judged: readonly JudgedContact[],
  edges: readonly number[],
  measure: (each: JudgedContact) => number,
): Found[] {
  const classes = edges.slice(0, -1).map((from, index) => ({
    from,
    to: edges[index + 1] as number,
    contacts: 0,
    found: 0,
  }));
  for (const each of judged) {
    const value = measure(each);
    const own = classes.filter(({ from }) => value >= from).at(-1);
    if (!own) continue;
    own.contacts++;
    if (each.isFound) own.found++;
  }
  return classes;
}
