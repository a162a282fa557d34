/**
 * When a token's encounters really were. A desk sees both clocks, and the token keeps how its latest clock
 * epochs began; so each epoch is corrected by what was known of its clock at its beginning and its end:
 *
 * | began with | ended with | what is done                                                                   |
 * | ---------- | ---------- | ------------------------------------------------------------------------------ |
 * | a desk     | a desk     | drift: what the clock was wrong at its end, in proportion to the time since    |
 * | a guess    | a desk     | offset: what the clock was wrong at its end                                    |
 * | a desk     | power loss | nothing                                                                        |
 * | a guess    | power loss | uncertain: it was wrong by something between nothing and the next known offset |
 *
 * This visit is the end of the current epoch. An epoch that the token does not keep any more is left alone.
 *
 * @module
 */
import type { Encounter } from "../../protocol/encounter-log.ts";
import { intervalStart, SECONDS_PER_INTERVAL } from "../../protocol/intervals.ts";
import type { DatedEncounter } from "../matching/match-log.ts";
import type { EpochStart, TokenStatus } from "../token/token-client.ts";

/** Epochs are counted in one byte. */
const EPOCH_MASK = 255;
/** Of each second. No clock drifts by so much: then one of the two desks was wrong, nobody knows which. */
const MOST_DRIFT = 0.01;

/**
 * Corrects the times of a log, see the module's description.
 *
 * @param status - of the token, before anything was changed
 * @param now - the desk's time in Unix seconds when the status was read
 */
export function correctTimes(
  encounters: readonly Encounter[],
  status: TokenStatus,
  now: number,
): DatedEncounter[] {
  // Changes of the clock, the latest first; this visit is about to make one more.
  const changes: EpochStart[] = [{ time: now, moved: now - status.time }, ...status.epochs];
  return encounters.map((encounter) => {
    const ago = (status.clockEpoch - encounter.epoch) & EPOCH_MASK;
    const end = changes[ago];
    const begin = changes[ago + 1];
    if (!end || !begin?.time) return encounter;
    if (end.moved === undefined) {
      return begin.moved === undefined
        ? inDoubt(encounter, nextKnown(changes.slice(0, ago)))
        : encounter;
    }
    if (begin.moved === undefined) return shifted(encounter, end.moved);
    const length = end.time - end.moved - begin.time;
    if (Math.abs(end.moved) >= length * MOST_DRIFT) return inDoubt(encounter, end.moved);
    const since = intervalStart(encounter.interval) - begin.time;
    return shifted(encounter, (end.moved * Math.max(0, Math.min(since, length))) / length);
  });
}

// The current epoch ends with this visit, so that there always is one.
function nextKnown(laterChanges: readonly EpochStart[]): number {
  return [...laterChanges].reverse().find(({ moved }) => moved !== undefined)?.moved ?? 0;
}

function shifted(encounter: Encounter, seconds: number): DatedEncounter {
  const shift = Math.round(seconds / SECONDS_PER_INTERVAL);
  if (!shift) return encounter;
  const { interval } = encounter;
  return { ...encounter, interval: interval + shift, loggedInterval: interval };
}

function inDoubt(encounter: Encounter, seconds: number): DatedEncounter {
  const uncertainty = Math.round(seconds / SECONDS_PER_INTERVAL);
  return uncertainty ? { ...encounter, uncertainty } : encounter;
}
