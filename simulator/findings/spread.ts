/**
 * How values are spread.
 *
 * @module
 */
import { quantile } from "../quantile.ts";
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
