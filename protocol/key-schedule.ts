/**
 * The Exposure Notification key schedule: from a temporary exposure key (TEK) to the identifiers
 * that are broadcast. Source: Exposure Notification Cryptography Specification v1.2.
 *
 * It runs unchanged on Espruino, in Node and in a browser, so it keeps to the language that all
 * three know and takes its cryptographic primitives as a parameter.
 *
 * @module
 */

import { type HashPrimitives, hkdfExpand, hmacSha256 } from "./hkdf.ts";

/** What the platform must bring. All return a new array and leave their arguments alone. */
export interface Primitives extends HashPrimitives {
  /** AES-128 in ECB mode without padding (FIPS 197): 16-byte key, `blocks` a multiple of 16 bytes. */
  aes128(key: Uint8Array, blocks: Uint8Array): Uint8Array;
}

/** HKDF-SHA-256 with an empty salt, cut to 16 bytes, of a TEK. */
export function hkdf16(primitives: HashPrimitives, tek: Uint8Array, info: string): Uint8Array {
  const extracted = hmacSha256(primitives, new Uint8Array(0), tek);
  return hkdfExpand(primitives, extracted, info).subarray(0, 16);
}

/** {@link hkdf16}'s info for the rolling proximity identifier key (RPIK) of a 16-byte TEK. */
export const RPIK_INFO = "EN-RPIK";
/** {@link hkdf16}'s info for the associated encrypted metadata key (AEMK) of a 16-byte TEK. */
export const AEMK_INFO = "EN-AEMK";

/** PaddedData, 16 bytes, whose last 4 are to be set to the interval (little-endian). */
export function paddedData(): Uint8Array {
  const padded = new Uint8Array(16);
  // "EN-RPI" in ASCII.
  padded.set([69, 78, 45, 82, 80, 73]);
  return padded;
}

/** Rolling proximity identifier (RPI), 16 bytes, of an RPIK for one interval (uint32). */
export function deriveRpi(primitives: Primitives, rpik: Uint8Array, interval: number): Uint8Array {
  const padded = paddedData();
  new DataView(padded.buffer).setUint32(12, interval, true);
  return primitives.aes128(rpik, padded);
}

/**
 * Associated encrypted metadata (AEM): AES-128-CTR with the RPI as counter block, over at most 16
 * bytes of metadata. Decryption is the same operation.
 */
export function cryptMetadata(
  primitives: Primitives,
  aemk: Uint8Array,
  rpi: Uint8Array,
  metadata: Uint8Array,
): Uint8Array {
  const stream = primitives.aes128(aemk, rpi);
  const result = new Uint8Array(metadata.length);
  for (let i = 0; i < metadata.length; i++) result[i] = metadata[i] ^ stream[i];
  return result;
}
