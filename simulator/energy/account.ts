/**
 * What a token's charge went into.
 *
 * @module
 */

/** Why charge is drawn. */
export const CAUSES = [
  "advertising",
  "scanning",
  "cpu",
  "flash",
  "signals",
  "sync",
  "sleep",
] as const;

/** One of {@link CAUSES}. */
export type Cause = (typeof CAUSES)[number];

/** Charge by cause, in mAh. */
export type EnergyAccount = Readonly<Record<Cause, number>>;
