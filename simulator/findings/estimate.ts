/**
 * Means over seeds, and how sure they are. Source: Student's t distribution for whole degrees of freedom, Abramowitz and Stegun,
 * Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
 *
 * @module
 */
import type { Estimate } from "./findings.ts";

const CONFIDENCE = 0.95;
/** Halvings of the range in which the quantile lies: it is then known to the last digit of a double. */
const HALVINGS = 60;

/** A value within `low` and `high`, neither of them. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Nothing was counted. */
const NOTHING: Estimate = { mean: 0, low: 0, high: 0 };
const SHARE: Bounds = { low: 0, high: 1 };

/**
 * The mean over seeds and its 95 % confidence interval; with one seed the interval is the mean itself, and without any all is 0.
 *
 * @param bounds - between which the interval must lie
 */
export function estimate(
  values: readonly number[],
  bounds: Bounds = { low: -Infinity, high: Infinity },
): Estimate {
  const count = values.length;
  if (count === 0) return NOTHING;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, low: mean, high: mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  const half = studentQuantile(count - 1) * error;
  return {
    mean,
    low: Math.max(bounds.low, mean - half),
    high: Math.min(bounds.high, mean + half),
  };
}

/** What a share was counted from, in one seed. */
export interface Ratio {
  readonly part: number;
  readonly whole: number;
}

/** The {@link estimate} of a share, 0..1, over the seeds in which there was anything to count. */
export function estimateShare(ratios: readonly Ratio[]): Estimate {
  const counted = ratios.filter(({ whole }) => whole > 0);
  return estimate(
    counted.map(({ part, whole }) => part / whole),
    SHARE,
  );
}

/** How many standard errors lie on each side of the mean in a 95 % interval, for 1 or more degrees of freedom. */
export function studentQuantile(degrees: number): number {
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (insideProbability(middle, degrees) < CONFIDENCE) low = middle;
    else high = middle;
  }
  return Math.sqrt(degrees) * Math.tan(low);
}

// A(t|v) with t = tan(angle) * sqrt(v).
function insideProbability(angle: number, degrees: number): number {
  const isOdd = degrees % 2 === 1;
  const cosine = Math.cos(angle);
  let term = isOdd ? cosine : 1;
  let sum = 0;
  for (let n = isOdd ? 3 : 2; n <= degrees; n += 2) {
    sum += term;
    term *= ((n - 1) / n) * cosine * cosine;
  }
  const series = Math.sin(angle) * sum;
  return isOdd ? (2 / Math.PI) * (angle + series) : series;
}
