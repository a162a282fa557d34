/**
 * Numbers as the report writes them: with the digits that mean something, and words in place of what is not known.
 *
 * @module
 */
import type { Estimate, Spread } from "../findings/findings.ts";

/** What stands where there is no number. */
export const UNKNOWN = "not known";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const rough = new Intl.NumberFormat("en", { maximumSignificantDigits: 1 });
const twoDigits = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });
const fixed = [0, 1, 2].map(
  (digits) =>
    new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** A whole number: `1,360`. */
export function count(value: number): string {
  return known(value, (each) => whole.format(each));
}

/** With so many digits behind the point: `-1.5` as `−1.5`. */
export function decimal(value: number, digits: 1 | 2): string {
  return known(value, (each) => fixed[digits]!.format(each));
}

/** A share, 0 to 1, with one digit: `99.2 %`. */
export function percent(share: number): string {
  return known(share, (each) => `${fixed[1]!.format(100 * each)}\u00a0%`);
}

/** mAh with two digits, or one that is not nought: `1.12`, `0.004`. */
export function charge(value: number): string {
  return known(value, (each) =>
    Math.abs(each) < 0.005 ? rough.format(each) : fixed[2]!.format(each),
  );
}

/** The same with its unit: `1.12 mAh`. */
export function milliampereHours(value: number): string {
  return known(value, (each) => `${charge(each)}\u00a0mAh`);
}

/** What is not worth more than two digits: `24`, `2,100,000`. */
export function about(value: number): string {
  return known(value, (each) => twoDigits.format(each));
}

/** A number of things: `1 person`, `92 persons`. */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Seconds of a day as a time: `09:05`. */
export function timeOfDay(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return [Math.floor(minutes / 60), minutes % 60]
    .map((each) => String(each).padStart(2, "0"))
    .join(":");
}

/** The interval of a figure over seeds, or that there is none. */
export function interval(
  estimate: Estimate,
  seeds: number,
  write: (value: number) => string,
): string {
  if (!isKnown(estimate.mean)) return UNKNOWN;
  if (seeds < 2) return "one seed: no interval";
  // The unit is said once.
  return `${write(estimate.low).split("\u00a0")[0]} to ${write(estimate.high)}`;
}

/** The same behind a key figure, where it has to be said what it is. */
export function intervalInWords(
  estimate: Estimate,
  seeds: number,
  write: (value: number) => string,
): string {
  const written = interval(estimate, seeds, write);
  return seeds > 1 && isKnown(estimate.mean) ? `95 % interval ${written}` : written;
}

/** A share with its interval, where there is one: `99.2 % (98.9 to 99.5 %)`. */
export function percentWithin(share: Estimate, seeds: number): string {
  const written = percent(share.mean);
  return seeds > 1 ? `${written} (${interval(share, seeds, percent)})` : written;
}

/** Whether a number is one: JSON has null for what is none. */
export function isKnown(value: number | null): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Whether all three are. */
export function isSpread({ low, median, high }: Spread): boolean {
  return [low, median, high].every(isKnown);
}

// Minus signs are no hyphens, and nothing is minus nought.
function known(value: number, write: (value: number) => string): string {
  if (!isKnown(value)) return UNKNOWN;
  const written = write(value).replace("-", "\u2212");
  return /[1-9]/.test(written) ? written : written.replace("\u2212", "");
}
