/**
 * What the findings ask of the truth.
 *
 * @module
 */

/** Two persons within 2 m, with pauses of up to a minute. Times are seconds since the scenario's start. */
export interface TrueContact {
  readonly a: number;
  readonly b: number;
  readonly from: number;
  readonly to: number;
  /** Time within 2 m: without the pauses. */
  readonly seconds: number;
  /** Mean distance in metres. */
  readonly metres: number;
}

/** See the module's description. */
export interface Truth {
  readonly contacts: readonly TrueContact[];
  /** For how many seconds two persons, in any order, were within 2 m between two times. */
  secondsWithin(one: number, other: number, from: number, to: number): number;
}
