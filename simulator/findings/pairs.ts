/**
 * Who was near whom in the first seed: the whole of it by pairs, and one token's day.
 *
 * @module
 */
import type { TokenOutcome } from "../run/outcome.ts";
import type { Truth } from "../scenarios/truth.ts";
import { type Sightings, sightingsOf } from "./conclude.ts";
import { concludeContacts } from "./concluded-contact.ts";
import type { Findings } from "./findings.ts";
import type { SeedRecord } from "./judge.ts";

const DAY_SECONDS = 86_400;

/** Minutes within 2 m of each pair with any, in true contacts or concluded, in the order of persons. */
export function minutesOfPairs(
  { truth, sightings, start }: SeedRecord,
  decibels: number,
  persons: number,
): Findings["pairs"] {
  const truths = new Map<number, number>();
  for (const { a, b, seconds } of truth.contacts) {
    const pair = a * persons + b;
    truths.set(pair, (truths.get(pair) ?? 0) + seconds / 60);
  }
  const pairs = new Set(truths.keys());
  for (const [wearer, others] of sightings) {
    for (const other of others.keys()) {
      pairs.add(Math.min(wearer, other) * persons + Math.max(wearer, other));
    }
  }
  return [...pairs]
    .sort((one, other) => one - other)
    .map((pair) => {
      const [a, b] = [Math.floor(pair / persons), pair % persons];
      const both = [
        concludedMinutes(sightings, a, b, decibels, start),
        concludedMinutes(sightings, b, a, decibels, start),
      ];
      return { a, b, truth: truths.get(pair) ?? 0, concluded: (both[0]! + both[1]!) / 2 };
    })
    .filter(({ truth: known, concluded }) => known > 0 || concluded > 0);
}

/** The day of the token whose events were kept, if there is one that did anything. */
export function timelineOf(
  tokens: readonly TokenOutcome[],
  truth: Truth,
): NonNullable<Findings["timeline"]> | undefined {
  const token = tokens.find(({ events }) => events !== undefined && events.length > 0);
  if (!token?.events) return undefined;
  const { person, events } = token;
  const day = Math.floor(events[0]!.from / DAY_SECONDS);
  const [begin, end] = [day * DAY_SECONDS, (day + 1) * DAY_SECONDS];
  const contacts = truth.contacts
    .filter(({ a, b, from, to }) => (a === person || b === person) && from < end && to > begin)
    .map(({ a, b, from, to }) => ({
      other: a === person ? b : a,
      from: Math.max(from, begin),
      to: Math.min(to, end),
    }))
    .sort((one, other) => one.from - other.from || one.other - other.other);
  return { person, day, events, contacts };
}

function concludedMinutes(
  sightings: Sightings,
  wearer: number,
  other: number,
  decibels: number,
  start: number,
): number {
  return concludeContacts(sightingsOf(sightings, wearer, other), decibels, start).reduce(
    (sum, { minutes }) => sum + minutes,
    0,
  );
}
