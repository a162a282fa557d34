/**
 * How long after publication a wearer is warned, who learns of it only at a desk.
 *
 * It is assumed that the other wearer of each true contact of 10 minutes or more that is found turns out positive, and publishes between
 * 3.6 and 5.3 days after the contact, any moment being as likely: people are most infectious 0.7 days before their symptoms
 * begin (He et al., Nature Medicine 26, 2020, 672-675), and half of them were confirmed within 2.9 days of the symptoms where contacts
 * were traced, within 4.6 where not (Bi et al., Lancet Infectious Diseases 20, 2020, 911-919). Exports appear at each full hour. Each
 * wearer comes to the desk at a time of day of their own, on days of their own. What was not found warns nobody, and is not counted.
 *
 * @module
 */
import { RETENTION_INTERVALS, SECONDS_PER_INTERVAL } from "../../protocol/intervals.ts";
import { createRandom, type Random } from "../random.ts";
import { DAY, HOUR } from "../scenarios/days.ts";
import type { Findings } from "./findings.ts";
import type { JudgedContact } from "./judge.ts";
import { spreadOf } from "./spread.ts";

const LEAST_MINUTES = 10;
const RETENTION_SECONDS = RETENTION_INTERVALS * SECONDS_PER_INTERVAL;
/** The least time and the longest from the end of a contact to its publication, in days. */
export const FIRST_PUBLICATION_DAYS = 3.6;
export const LAST_PUBLICATION_DAYS = 5.3;
/** When desks are open, in seconds of the day. */
const OPENING = 9 * HOUR;
const CLOSING = 17 * HOUR;

/** On which days of a cycle a wearer comes, and how many days the cycle has. */
interface Habit {
  readonly habit: string;
  readonly cycle: number;
  readonly days: readonly number[];
}

/** What is looked at: the names, and how often that is. */
const HABITS: readonly Habit[] = [
  { habit: "every day", cycle: 1, days: [0] },
  { habit: "twice a week", cycle: 7, days: [0, 3] },
  { habit: "every week", cycle: 7, days: [0] },
  { habit: "every fortnight", cycle: 14, days: [0] },
];
const LONGEST_CYCLE = Math.max(...HABITS.map(({ cycle }) => cycle));

/** When a wearer comes to the desk. */
interface Custom {
  /** Seconds of the day. */
  readonly time: number;
  /** By how many days the wearer's cycles are shifted. */
  readonly offset: number;
}

/** One found contact, for which a warning is due. */
interface Publication {
  readonly custom: Custom;
  /** When the contact began and the keys were published, in seconds since the scenario's start. */
  readonly began: number;
  readonly published: number;
}

/**
 * Delays in days, and the share of found contacts that are warned of, for each habit.
 *
 * @param seeds - name and judged contacts of each
 * @returns all 0 where no contact was found, or none warned of
 */
export function warningDelays(
  seeds: readonly { readonly seed: string; readonly judged: readonly JudgedContact[] }[],
): Findings["warning"] {
  const publications = seeds.flatMap(({ seed, judged }) => publicationsOf(seed, judged));
  return HABITS.map(({ habit, ...rest }) => {
    const delays = publications.flatMap((each) => delayOf(each, { habit, ...rest }) ?? []);
    const warned = publications.length > 0 ? delays.length / publications.length : 0;
    return { habit, warned, ...spreadOf(delays) };
  });
}

function publicationsOf(seed: string, judged: readonly JudgedContact[]): Publication[] {
  const random = createRandom(seed).fork("warning");
  const customs = new Map<number, Custom>();
  const publications: Publication[] = [];
  for (const { wearer, contact, trueMinutes, isFound } of judged) {
    if (!isFound || trueMinutes < LEAST_MINUTES) continue;
    const custom = customs.get(wearer) ?? drawCustom(random);
    customs.set(wearer, custom);
    const days = between(random, FIRST_PUBLICATION_DAYS, LAST_PUBLICATION_DAYS);
    const published = contact.to + days * DAY;
    publications.push({ custom, began: contact.from, published });
  }
  return publications;
}

function drawCustom(random: Random): Custom {
  return {
    time: between(random, OPENING, CLOSING),
    offset: Math.floor(random.uniform() * LONGEST_CYCLE),
  };
}

function between(random: Random, low: number, high: number): number {
  return low + random.uniform() * (high - low);
}

// In days; undefined when the log does not hold the whole contact any more.
function delayOf(
  { custom, began, published }: Publication,
  { cycle, days }: Habit,
): number | undefined {
  const exported = Math.ceil(published / HOUR) * HOUR;
  let day = Math.floor(exported / DAY);
  const comes = (): boolean => days.includes((day + custom.offset) % cycle);
  while (!comes() || day * DAY + custom.time < exported) day++;
  const visit = day * DAY + custom.time;
  return visit - began < RETENTION_SECONDS ? (visit - published) / DAY : undefined;
}
