/**
 * Rounding as risk models mean it: of decimals. Binary fractions make 4.949999999999999 of a sum that is 4.95, and
 * another number of the same summands in another order.
 *
 * @module
 */

/** Takes away what binary fractions add to decimals: 12 significant digits stay. */
export function settled(value: number): number {
  return Number(value.toPrecision(12));
}

/** Rounds half up, to so many decimals: 4.95 to 5.0, and -0.05 to 0.0. */
export function roundHalfUp(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.floor(settled(value * scale) + 0.5) / scale;
}
