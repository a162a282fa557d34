/**
 * @module
 */

/** As many classes as can be told apart. */
const MOST_CLASSES = 16;

/**
 * Counts values in classes whose width is 1, 2 or 5 times a power of ten, at least 1.
 *
 * @param values - at least one, finite
 */
export function histogramOf(
  values: readonly number[],
): { readonly from: number; readonly to: number; readonly count: number }[] {
  const low = values.reduce((least, each) => Math.min(least, each));
  const high = values.reduce((most, each) => Math.max(most, each));
  const width = niceWidth((high - low) / MOST_CLASSES);
  const first = Math.floor(low / width);
  const counts = Array.from({ length: Math.floor(high / width) - first + 1 }, () => 0);
  for (const value of values) counts[Math.floor(value / width) - first]! += 1;
  return counts.map((count, index) => ({
    from: (first + index) * width,
    to: (first + index + 1) * width,
    count,
  }));
}

function niceWidth(least: number): number {
  for (let power = 1; ; power *= 10) {
    const width = [1, 2, 5].find((each) => each * power >= least);
    if (width) return width * power;
  }
}
