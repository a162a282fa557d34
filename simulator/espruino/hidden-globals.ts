/**
 * What the host's JavaScript has and Espruino's has not.
 *
 * @module
 */

// ECMAScript globals that Espruino has.
const SHARED_GLOBALS = new Set(
  (
    "Array ArrayBuffer Boolean DataView Date Error Float32Array Float64Array Function Infinity " +
    "Int16Array Int32Array Int8Array JSON Math NaN Number Object Promise RegExp String " +
    "Uint16Array Uint32Array Uint8Array Uint8ClampedArray decodeURIComponent encodeURIComponent " +
    "eval isFinite isNaN parseFloat parseInt undefined"
  ).split(" "),
);

/** The names of the host's own, each undefined, so that using it fails; a board's come over them. */
export function hiddenGlobals(): Record<string, undefined> {
  const hidden: Record<string, undefined> = {};
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!SHARED_GLOBALS.has(name) && /^\w+$/.test(name)) hidden[name] = undefined;
  }
  return hidden;
}
