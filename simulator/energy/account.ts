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

/**
 * By which currents charge is worked out: by those that Espruino has published of whole boards in this or that state, or by
 * those of the chip's parts, for as long as each was on.
 */
export const ACCOUNTS = ["published", "chip"] as const;

/** One of {@link ACCOUNTS}. */
export type AccountName = (typeof ACCOUNTS)[number];

/** The same life by all accounts. */
export type EnergyAccounts = Readonly<Record<AccountName, EnergyAccount>>;
