/**
 * What wearers' tokens draw, and how long their cells last.
 *
 * @module
 */
import { type AccountName, CAUSES, type Cause } from "../energy/account.ts";
import type { RunOutcome, TokenOutcome } from "../run/outcome.ts";
import { estimate } from "./estimate.ts";
import type { Draw, Estimate, Findings } from "./findings.ts";
import { spreadOf } from "./spread.ts";

const DAY_SECONDS = 86_400;

/** A board's cell. */
export interface Cell {
  /** Such as CR2032. */
  readonly name: string;
  /** In mAh. */
  readonly capacity: number;
  /** How many days it lasts at so many mAh a day. */
  readonly days: (mAhPerDay: number) => number;
}

/**
 * mAh a day, by the account that gives more. Tokens that lived through no time are left out; without any other everything
 * is 0.
 */
export function energyFindings(runs: readonly RunOutcome[], cell: Cell): Findings["energy"] {
  const seeds = runs
    .map(({ tokens }) => tokens.filter(({ seconds }) => seconds > 0))
    .filter(({ length }) => length > 0);
  const accounts = { published: drawBy("published", seeds), chip: drawBy("chip", seeds) };
  const account = accounts.chip.total.mean > accounts.published.total.mean ? "chip" : "published";
  const wearers = seeds.flat().map((token) => totalPerDay(token, account));
  // What draws nothing would last for ever, which is no number.
  const days = wearers.filter((draw) => draw > 0).map(cell.days);
  return {
    ...accounts[account],
    account,
    accounts,
    wearers,
    cell: cell.name,
    capacity: cell.capacity,
    days,
    lasts: spreadOf(days),
  };
}

function drawBy(account: AccountName, seeds: readonly (readonly TokenOutcome[])[]): Draw {
  const causes = CAUSES.map((cause) => [
    cause,
    meanOf(seeds, (token) => perDay(token, account, cause)),
  ]);
  return {
    causes: Object.fromEntries(causes) as Record<Cause, Estimate>,
    total: meanOf(seeds, (token) => totalPerDay(token, account)),
  };
}

// Over seeds, of the mean over wearers.
function meanOf(
  seeds: readonly (readonly TokenOutcome[])[],
  measure: (token: TokenOutcome) => number,
): Estimate {
  return estimate(
    seeds.map((tokens) => tokens.reduce((sum, token) => sum + measure(token), 0) / tokens.length),
    { low: 0, high: Infinity },
  );
}

function totalPerDay(token: TokenOutcome, account: AccountName): number {
  return CAUSES.reduce((sum, cause) => sum + perDay(token, account, cause), 0);
}

function perDay({ energy, seconds }: TokenOutcome, account: AccountName, cause: Cause): number {
  return (energy[account][cause] * DAY_SECONDS) / seconds;
}
