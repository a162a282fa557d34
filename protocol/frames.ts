/**
 * How a response travels in notifications, which may be lost without notice: in fragments, each behind one byte:
 *
 * ```text
 * bit 0-4  number of the fragment
 * bit 5    it is the last
 * bit 6-7  the response's counter, its two lowest bits
 * ```
 *
 * Requests fit into one write and travel whole.
 *
 * @module
 */

/** Bytes that a fragment adds. */
const HEADER_BYTES = 1;
const NUMBER_BITS = 31;
const COUNTER_BITS = 0xc0;
/** Set in a response's last fragment. */
export const LAST_FRAGMENT = 32;

/** Fragment `number` (0..31) of a response, for notifications of at most `size` bytes. */
export function fragmentOf(
  response: Uint8Array,
  counter: number,
  number: number,
  size: number,
): Uint8Array {
  const body = size - HEADER_BYTES;
  // Espruino's subarray does not stop at the end of the array by itself.
  const end = Math.min(response.length, (number + 1) * body);
  const part = response.subarray(number * body, end);
  const fragment = new Uint8Array(part.length + HEADER_BYTES);
  fragment[0] = (counter << 6) | number | (end === response.length ? LAST_FRAGMENT : 0);
  fragment.set(part, HEADER_BYTES);
  return fragment;
}

/** Puts fragments back together. */
export interface Assembler {
  /** Takes a fragment; returns the response once it is whole, else undefined. Never throws. */
  accept(fragment: Uint8Array): Uint8Array | undefined;
}

/**
 * Makes an {@link Assembler} for the response with this counter. Fragments of others are ignored, and a repeated
 * fragment takes the place of the one before; a response longer than `limit` bytes never becomes whole.
 */
export function createAssembler(counter: number, limit: number): Assembler {
  const parts: Uint8Array[] = [];
  let count = -1;
  return {
    accept: (fragment) => {
      const header = fragment[0];
      if (fragment.length <= HEADER_BYTES || (header & COUNTER_BITS) !== ((counter << 6) & 255)) {
        return undefined;
      }
      const number = header & NUMBER_BITS;
      if (header & LAST_FRAGMENT) count = number + 1;
      parts[number] = fragment.slice(HEADER_BYTES);
      let length = 0;
      for (let i = 0; i < count; i++) {
        if (!parts[i]) return undefined;
        length += parts[i].length;
      }
      if (count < 0 || length > limit) return undefined;
      const response = new Uint8Array(length);
      let at = 0;
      for (let i = 0; i < count; i++) {
        response.set(parts[i], at);
        at += parts[i].length;
      }
      return response;
    },
  };
}
