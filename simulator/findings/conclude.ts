/**
 * What desks would conclude if everybody's keys were published: each log goes through the companion's `matchLog` and its kernel, the
 * way that a check at a desk takes, against the keys of all tokens at once. A desk does not learn whose a key is; here each key is
 * published with its wearer's number in the place of the day of symptoms, which matching hands through untouched.
 *
 * @module
 */
import { publishedKeys } from "../../companion/exports/published-keys.ts";
import { compileKernel } from "../../companion/matching/kernel.ts";
import { KernelFinder } from "../../companion/matching/kernel-finder.ts";
import { matchLog } from "../../companion/matching/match-log.ts";
import { decodeLog } from "../../protocol/encounter-log.ts";
import type { TokenOutcome } from "../run/outcome.ts";

const CONFIRMED_TEST = 1;
/** Onset days are kept in 16 bits, of which one is a sign and one value means that there are none. */
const MOST_PERSONS = 0x7fff;

/** A wearer's log on some minutes with another wearer. */
export interface Sighting {
  /** Interval (ENIN) in which this stretch began, by the wearer's token. */
  readonly interval: number;
  /** Minutes heard, 1..31. */
  readonly minutes: number;
  /** Transmit power less mean and less strongest RSSI in dB, at least 0. */
  readonly meanAttenuation: number;
  readonly bestAttenuation: number;
}

/** Sightings of each wearer with each other that the log names, by person; in the order of time. */
export type Sightings = ReadonlyMap<number, ReadonlyMap<number, readonly Sighting[]>>;

/** Where there is no sighting. */
const NONE: readonly Sighting[] = [];

/** What `wearer`'s log has of `other`. */
export function sightingsOf(
  sightings: Sightings,
  wearer: number,
  other: number,
): readonly Sighting[] {
  return sightings.get(wearer)?.get(other) ?? NONE;
}

/**
 * Matches every token's log against the keys of all others. Most of the time goes into records that match, some
 * 50 microseconds each.
 *
 * @param tokens - with persons 0 to 32,766
 * @param end - the interval (ENIN) from which on records are left out: the end of the days that were lived through
 * @throws Failure `kernel-missing` when the companion has not been built
 */
export async function concludeSightings(
  tokens: readonly TokenOutcome[],
  end: number,
): Promise<Sightings> {
  const keys = publishedKeys(tokens.flatMap(keysOf));
  const kernel = compileKernel();
  const all = new Map<number, Map<number, Sighting[]>>();
  for (const { person, log } of tokens) {
    const matches = await matchLog(
      decodeLog(log).filter(({ interval }) => interval < end),
      [keys],
      (index) => new KernelFinder(index, kernel),
    );
    const ofWearer = new Map<number, Sighting[]>();
    for (const match of matches) {
      const other = match.daysSinceOnsetOfSymptoms as number;
      const sightings = ofWearer.get(other) ?? [];
      sightings.push({
        interval: match.interval,
        minutes: match.minutes,
        meanAttenuation: match.typicalAttenuation,
        bestAttenuation: match.minAttenuation,
      });
      ofWearer.set(other, sightings);
    }
    for (const sightings of ofWearer.values()) sightings.sort((a, b) => a.interval - b.interval);
    all.set(person, ofWearer);
  }
  return all;
}

function keysOf({ person, keys }: TokenOutcome) {
  if (person >= MOST_PERSONS) {
    throw new Error(`There are too many persons to tell apart; take at most ${MOST_PERSONS}.`);
  }
  return keys.map(({ key, rollingStart, rollingPeriod }) => ({
    keyData: key,
    rollingStartIntervalNumber: rollingStart,
    rollingPeriod,
    transmissionRiskLevel: 0,
    reportType: CONFIRMED_TEST,
    daysSinceOnsetOfSymptoms: person,
  }));
}
