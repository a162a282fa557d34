/**
 * A quantile of a sample, linear between the two nearest values (definition 7 of Hyndman and Fan, 1996).
 *
 * @param sorted - ascending
 * @param share - 0 to 1
 * @returns 0 when there are no values
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return 0;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const value = sorted[below] as number;
  const above = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return value + (at - below) * (above - value);
}
