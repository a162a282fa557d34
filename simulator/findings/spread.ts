/**
 * How values are spread.
 *
 * @module
 */
import type { Spread } from "./findings.ts";

const LOW = 0.1;
const HIGH = 0.9;

/** 10th, 50th and 90th percentile; all are 0 when there are no values. */
export function spreadOf(values: Iterable<number>): Spread {
  const sorted = Float64Array.from(values).sort();
  return {
    low: quantile(sorted, LOW),
    median: quantile(sorted, 0.5),
    high: quantile(sorted, HIGH),
  };
}

// Linear between the two nearest values (definition 7 of Hyndman and Fan, 1996).
function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return 0;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const value = sorted[below] as number;
  const above = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return value + (at - below) * (above - value);
}
