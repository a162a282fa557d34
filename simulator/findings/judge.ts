/**
 * One seed's conclusions against the truth. Every contact is seen from both sides, by each wearer's log.
 *
 * @module
 */

import type { Contact as TrueContact, Truth } from "../scenarios/truth.ts";
import { type Sightings, sightingsOf } from "./conclude.ts";
import {
  type ConcludedContact,
  concludeContacts,
  minutesDuring,
  type Span,
} from "./concluded-contact.ts";

/** By how much a concluded time may be off at each end, in seconds: records keep it to ten minutes only. */
const TOLERANCE_SECONDS = 600;
/** More than there are persons. */
const PAIR_BASE = 2 ** 24;
/** Shorter contacts enter no finding. */
const LEAST_SECONDS = 300;

/** A true contact as one wearer's log has it. */
export interface JudgedContact {
  readonly contact: TrueContact;
  /** Whose log it is. */
  readonly wearer: number;
  readonly other: number;
  readonly trueMinutes: number;
  /** Minutes concluded within its time widened by ten minutes at each side. */
  readonly concludedMinutes: number;
  /** Whether these are at least half of the true ones. */
  readonly isFound: boolean;
}

/** A concluded contact, and what was true. */
export interface JudgedConclusion {
  readonly concluded: ConcludedContact;
  /** Minutes truly within 2 m within its time widened by ten minutes at each side. */
  readonly trueMinutes: number;
  /** Whether these are at least half of the concluded ones. */
  readonly isRight: boolean;
}

/** What is judged in one seed. */
export interface SeedRecord {
  readonly truth: Truth;
  readonly sightings: Sightings;
  /** The scenario's start in Unix seconds. */
  readonly start: number;
}

/** True contacts of five minutes or more, each from both sides, with what was concluded up to `decibels`. */
export function judgeContacts(
  { truth, sightings, start }: SeedRecord,
  decibels: number,
): JudgedContact[] {
  // What is concluded of two is asked for with each of their contacts.
  const concluded = new Map<number, (span: Span) => number>();
  const concludedOf = (wearer: number, other: number): ((span: Span) => number) => {
    const pair = wearer * PAIR_BASE + other;
    let minutes = concluded.get(pair);
    if (!minutes) {
      const near = concludeContacts(sightingsOf(sightings, wearer, other), decibels, start);
      minutes = minutesDuring(near, start);
      concluded.set(pair, minutes);
    }
    return minutes;
  };
  return truth.contacts
    .filter(({ seconds }) => seconds >= LEAST_SECONDS)
    .flatMap((contact) =>
      [
        [contact.a, contact.b],
        [contact.b, contact.a],
      ].map(([wearer = 0, other = 0]) => {
        const concludedMinutes = concludedOf(wearer, other)(widened(contact));
        const trueMinutes = contact.seconds / 60;
        const isFound = concludedMinutes >= trueMinutes / 2;
        return { contact, wearer, other, trueMinutes, concludedMinutes, isFound };
      }),
    );
}

/** Contacts of at least `atLeastMinutes` that are concluded up to `decibels`, with what was true. */
export function judgeConclusions(
  { truth, sightings, start }: SeedRecord,
  decibels: number,
  atLeastMinutes: number,
): JudgedConclusion[] {
  const judged: JudgedConclusion[] = [];
  for (const [wearer, others] of sightings) {
    for (const [other, all] of others) {
      for (const concluded of concludeContacts(all, decibels, start)) {
        if (concluded.minutes < atLeastMinutes) continue;
        const { from, to } = widened(concluded);
        const trueMinutes = truth.secondsWithin(wearer, other, from, to) / 60;
        judged.push({ concluded, trueMinutes, isRight: trueMinutes >= concluded.minutes / 2 });
      }
    }
  }
  return judged;
}

function widened({ from, to }: Span): Span {
  return { from: from - TOLERANCE_SECONDS, to: to + TOLERANCE_SECONDS };
}
