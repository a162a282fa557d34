/**
 * Espruino's `Uint32Array`, whose views may begin anywhere in a buffer; the host's must be aligned.
 *
 * @module
 */

/** Like the host's, but takes any offset; such a view has numbered elements and a length, and nothing else. */
export function UnalignedUint32Array(
  source: number | ArrayBuffer | ArrayLike<number>,
  offset = 0,
  length?: number,
): Uint32Array {
  if (!(source instanceof ArrayBuffer)) return new Uint32Array(source as ArrayLike<number>);
  if (offset % 4 === 0) return new Uint32Array(source, offset, length);
  const count = length ?? Math.floor((source.byteLength - offset) / 4);
  const view = new DataView(source, offset, 4 * count);
  return new Proxy({} as Uint32Array, {
    get: (_, property) => {
      if (property === "length") return count;
      const index = Number(property);
      if (!Number.isInteger(index)) {
        throw new Error(`The simulated Uint32Array is not aligned, and has no ${String(property)}`);
      }
      return index < count ? view.getUint32(4 * index, true) : undefined;
    },
    set: (_, property, value: number) => {
      if (Number(property) < count) view.setUint32(4 * Number(property), value, true);
      return true;
    },
  });
}
