/**
 * What wearers' tokens draw, and how long their cells last.
 *
 * @module
 */
import { CAUSES, type Cause } from "../energy/account.ts";
import type { RunOutcome, TokenOutcome } from "../run/outcome.ts";
import { estimate } from "./estimate.ts";
import type { Estimate, Findings } from "./findings.ts";
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

/** mAh a day. Tokens that lived through no time are left out; without any other everything is 0. */
export function energyFindings(runs: readonly RunOutcome[], cell: Cell): Findings["energy"] {
  const seeds = runs
    .map(({ tokens }) => tokens.filter(({ seconds }) => seconds > 0))
    .filter(({ length }) => length > 0);
  const wearers = seeds.flat().map(drawOf);
  // What draws nothing would last for ever, which is no number.
  const days = wearers.filter((draw) => draw > 0).map(cell.days);
  const causes = CAUSES.map((cause) => [cause, meanOf(seeds, (token) => perDay(token, cause))]);
  return {
    causes: Object.fromEntries(causes) as Record<Cause, Estimate>,
    total: meanOf(seeds, drawOf),
    wearers,
    cell: cell.name,
    capacity: cell.capacity,
    days,
    lasts: spreadOf(days),
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

function drawOf(token: TokenOutcome): number {
  return CAUSES.reduce((sum, cause) => sum + perDay(token, cause), 0);
}

function perDay({ energy, seconds }: TokenOutcome, cause: Cause): number {
  return (energy[cause] * DAY_SECONDS) / seconds;
}
