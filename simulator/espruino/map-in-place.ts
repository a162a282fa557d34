/**
 * Espruino's `E.mapInPlace` without its `bits`: what `map` holds at each element of `from` goes into `to`, until either
 * ends.
 */
export function mapInPlace(from: Uint8Array, to: Uint8Array, map: Uint8Array): void {
  const length = Math.min(from.length, to.length);
  for (let i = 0; i < length; i++) to[i] = map[from[i] as number] as number;
}
