/**
 * Who is near whom, and how they stand to each other: the ground truth that a run replays.
 *
 * @module
 */

/** Two persons for whom nothing changes for a while. */
export interface Episode {
  /** Indices of persons; `a` is the smaller one. */
  readonly a: number;
  readonly b: number;
  /** Seconds since the scenario's start, `from` included, `to` not. */
  readonly from: number;
  readonly to: number;
  /** Distance between the tokens in metres. */
  readonly metres: number;
  /** How far `b` is off the way that `a` faces, in degrees, 0 (straight ahead) to 180 (behind); tokens are worn in front. */
  readonly offA: number;
  /** The same for `a` as `b` sees it. */
  readonly offB: number;
  /** Interior walls between them. */
  readonly walls: number;
}

/** A world to run tokens in. */
export interface Scenario {
  /** What it is, in a few words. */
  readonly title: string;
  /** Names by index; everybody wears a token. */
  readonly persons: readonly string[];
  /** Whole days, 1 to 14. */
  readonly days: number;
  /** A midnight (UTC) in Unix seconds. */
  readonly start: number;
  /**
   * Everything that lies in one day, 0 to `days - 1`, in the order of `from`; the same at each call. What goes on over
   * midnight is cut there. Pairs that no radio could join are left out.
   */
  day(index: number): readonly Episode[];
}

/** Two persons count as in contact up to this distance, in metres, with no wall between them. */
export const CONTACT_METRES = 2;
/** A contact goes on when it pauses no longer than this, in seconds. */
export const CONTACT_PAUSE_SECONDS = 60;
