/**
 * Attenuation by true distance.
 *
 * @module
 */
import type { Episode, Scenario } from "../scenarios/scenario.ts";
import type { Sightings } from "./conclude.ts";
import { spanOf } from "./concluded-contact.ts";
import type { Findings } from "./findings.ts";
import { spreadOf } from "./spread.ts";

const DAY_SECONDS = 86_400;
const CLASS_METRES = 0.5;
/** How long after its first scan a token writes at the latest what it has heard, in seconds. */
const COMMIT_SECONDS = 300;

/** Mean attenuations in dB by the number of the class of distance. */
type ByClass = Map<number, number[]>;

/** Collects sightings of several seeds. */
export class AttenuationByDistance {
  readonly #classes: ByClass = new Map();

  /**
   * Adds one seed's sightings during which their pair, as far as it was in reach, kept to one class of distance without a wall between. A record's
   * time is known to an interval and what was heard in the five minutes behind it.
   *
   * @param days - how many of the scenario's were lived through
   */
  add(scenario: Scenario, days: number, sightings: Sightings): void {
    for (let day = 0; day < days; day++) this.#addDay(scenario, day, sightings);
  }

  /** Attenuation for each class that was seen; `metres` is the middle of the class. */
  result(): Findings["attenuation"] {
    return [...this.#classes]
      .sort(([a], [b]) => a - b)
      .map(([number, values]) => ({
        metres: (number + 0.5) * CLASS_METRES,
        count: values.length,
        ...spreadOf(values),
      }));
  }

  #addDay(scenario: Scenario, day: number, sightings: Sightings): void {
    const persons = scenario.persons.length;
    const episodes = new Map<number, Episode[]>();
    for (const episode of scenario.day(day)) {
      const pair = episode.a * persons + episode.b;
      const ofPair = episodes.get(pair);
      if (ofPair) ofPair.push(episode);
      else episodes.set(pair, [episode]);
    }
    for (const [wearer, others] of sightings) {
      for (const [other, ofPair] of others) {
        const pair = Math.min(wearer, other) * persons + Math.max(wearer, other);
        const near = episodes.get(pair);
        if (!near) continue;
        for (const sighting of ofPair) {
          const { from, to } = spanOf(sighting, scenario.start);
          if (Math.floor(from / DAY_SECONDS) !== day) continue;
          const kept = classDuring(near, from, to + COMMIT_SECONDS);
          if (kept === undefined) continue;
          const values = this.#classes.get(kept);
          if (values) values.push(sighting.meanAttenuation);
          else this.#classes.set(kept, [sighting.meanAttenuation]);
        }
      }
    }
  }
}

// Undefined when there is none, or more than one.
function classDuring(episodes: readonly Episode[], from: number, to: number): number | undefined {
  let kept: number | undefined;
  for (const episode of episodes) {
    if (episode.from >= to || episode.to <= from) continue;
    const number = Math.floor(episode.metres / CLASS_METRES);
    if (episode.walls > 0 || (kept !== undefined && number !== kept)) return undefined;
    kept = number;
  }
  return kept;
}
