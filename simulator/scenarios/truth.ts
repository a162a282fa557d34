/**
 * What really happened between two persons: the contacts of a scenario.
 *
 * @module
 */
import { DAY } from "./days.ts";
import { CONTACT_METRES, CONTACT_PAUSE_SECONDS, type Episode, type Scenario } from "./scenario.ts";

/** A contact must have so many seconds to be listed. */
const LEAST_SECONDS = 60;
/** More than there are persons. */
const PAIR_BASE = 2 ** 24;

/** Two persons within 2 m of each other, with no wall between them. */
export interface Contact {
  /** Indices of persons; `a` is the smaller one. */
  readonly a: number;
  readonly b: number;
  /** Seconds since the scenario's start, pauses of up to a minute included. */
  readonly from: number;
  readonly to: number;
  /** Seconds without the pauses. */
  readonly seconds: number;
  /** Mean distance in these seconds. */
  readonly metres: number;
}

/** The contacts of a scenario, or of as many of its days as were added. */
export interface Truth {
  /** Those of a minute or more, in the order of their ends. */
  readonly contacts: readonly Contact[];
  /** For how many seconds two persons, in any order, were within 2 m between two times; short contacts count, too. */
  secondsWithin(one: number, other: number, from: number, to: number): number;
}

/** Finds contacts day by day, in memory that grows with them only. */
export interface TruthBuilder {
  /** Takes the next day's episodes, in the order of `from`. */
  add(episodes: readonly Episode[]): void;
  finish(): Truth;
}

interface Pair {
  /** When they were near: `from, to, from, to, ...`. */
  readonly runs: number[];
  contact: Contact | undefined;
}

/** True contacts of the first days, of which the last may be cut short. */
export function truthOf(scenario: Pick<Scenario, "day">, days: number): Truth {
  const truth = createTruth();
  const end = days * DAY;
  for (let day = 0; day < days; day++) {
    truth.add(
      scenario
        .day(day)
        .filter(({ from }) => from < end)
        .map((episode) => (episode.to > end ? { ...episode, to: end } : episode)),
    );
  }
  return truth.finish();
}

/** Begins with the scenario's first day. */
export function createTruth(): TruthBuilder {
  const pairs = new Map<number, Pair>();
  const contacts: Contact[] = [];

  const keep = (contact: Contact | undefined): void => {
    if (contact && contact.seconds >= LEAST_SECONDS) contacts.push(contact);
  };

  return {
    add: (episodes) => {
      for (const episode of episodes) {
        if (episode.metres > CONTACT_METRES || episode.walls > 0) continue;
        const key = episode.a * PAIR_BASE + episode.b;
        let pair = pairs.get(key);
        if (!pair) {
          pair = { runs: [], contact: undefined };
          pairs.set(key, pair);
        }
        addRun(pair.runs, episode.from, episode.to);
        if (!pair.contact || episode.from > pair.contact.to + CONTACT_PAUSE_SECONDS) {
          keep(pair.contact);
          pair.contact = undefined;
        }
        pair.contact = prolonged(pair.contact, episode);
      }
    },
    finish: () => {
      for (const { contact } of pairs.values()) keep(contact);
      contacts.sort((one, other) => one.to - other.to || one.a - other.a || one.b - other.b);
      const sums = new Map([...pairs].map(([key, { runs }]) => [key, summed(runs)]));
      return {
        contacts,
        secondsWithin: (one, other, from, to) => {
          const sum = sums.get(Math.min(one, other) * PAIR_BASE + Math.max(one, other));
          return sum ? Math.max(0, secondsUntil(sum, to) - secondsUntil(sum, from)) : 0;
        },
      };
    },
  };
}

function addRun(runs: number[], from: number, to: number): void {
  if (runs.at(-1) === from) runs[runs.length - 1] = to;
  else runs.push(from, to);
}

function prolonged(contact: Contact | undefined, episode: Episode): Contact {
  const { a, b, from, to, metres } = episode;
  const seconds = to - from;
  if (!contact) return { a, b, from, to, seconds, metres };
  const all = contact.seconds + seconds;
  const mean = (contact.metres * contact.seconds + metres * seconds) / all;
  return { a, b, from: contact.from, to, seconds: all, metres: mean };
}

/** Runs with the seconds of all that came before each of them. */
interface Summed {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly before: Float64Array;
}

function summed(runs: readonly number[]): Summed {
  const count = runs.length / 2;
  const from = Float64Array.from({ length: count }, (_, index) => runs[2 * index] as number);
  const to = Float64Array.from({ length: count }, (_, index) => runs[2 * index + 1] as number);
  let sum = 0;
  const before = from.map((begin, index) => {
    const earlier = sum;
    sum += (to[index] as number) - begin;
    return earlier;
  });
  return { from, to, before };
}

function secondsUntil({ from, to, before }: Summed, time: number): number {
  // The last run that begins before `time`.
  let low = -1;
  let high = from.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((from[middle] as number) < time) low = middle;
    else high = middle;
  }
  if (low < 0) return 0;
  return (before[low] as number) + Math.min(time, to[low] as number) - (from[low] as number);
}
