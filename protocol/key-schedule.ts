/**
 * The Exposure Notification key schedule: from a temporary exposure key (TEK) to the identifiers
 * that are broadcast. Source: Exposure Notification Cryptography Specification v1.2.
 *
 * It runs unchanged on Espruino, in Node and in a browser, so it keeps to the language that all
 * three know and takes its cryptographic primitives as a parameter.
 *
 * @module
 */

/** What the platform must bring. Both return a new array and leave their arguments alone. */
export interface Primitives {
  /** SHA-256 (FIPS 180-4) of any number of bytes; 32 bytes. */
  sha256(message: Uint8Array): Uint8Array;
  /** AES-128 in ECB mode without padding (FIPS 197): 16-byte key, `blocks` a multiple of 16 bytes. */
  aes128(key: Uint8Array, blocks: Uint8Array): Uint8Array;
}

const SHA256_BLOCK = 64;
/** "EN-RPI" in ASCII. */
const RPI_LABEL = [69, 78, 45, 82, 80, 73];

function ascii(text: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** HMAC-SHA-256 (RFC 2104) for keys of at most 64 bytes; 32 bytes. */
export function hmacSha256(
  primitives: Primitives,
  key: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const inner = new Uint8Array(SHA256_BLOCK + message.length);
  const outer = new Uint8Array(SHA256_BLOCK + 32);
  // Only the key's own bytes one by one: a loop costs an interpreter more than a native fill.
  inner.fill(0x36, 0, SHA256_BLOCK);
  outer.fill(0x5c, 0, SHA256_BLOCK);
  for (let i = 0; i < key.length; i++) {
    inner[i] ^= key[i];
    outer[i] ^= key[i];
  }
  inner.set(message, SHA256_BLOCK);
  outer.set(primitives.sha256(inner), SHA256_BLOCK);
  return primitives.sha256(outer);
}

/** The first step of HKDF-SHA-256 (RFC 5869) with an empty salt, the same for each `info`; 32 bytes. */
export function hkdfExtract(primitives: Primitives, keyMaterial: Uint8Array): Uint8Array {
  return hmacSha256(primitives, new Uint8Array(32), keyMaterial);
}

/** Its second step, cut to the 16 bytes that every key here has. `info` is ASCII text. */
export function hkdfExpand16(
  primitives: Primitives,
  pseudorandomKey: Uint8Array,
  info: string,
): Uint8Array {
  const block = ascii(info, info.length + 1);
  block[info.length] = 1;
  return hmacSha256(primitives, pseudorandomKey, block).subarray(0, 16);
}

/** HKDF-SHA-256 with an empty salt, cut to 16 bytes: both steps. */
export function hkdf16(primitives: Primitives, keyMaterial: Uint8Array, info: string): Uint8Array {
  return hkdfExpand16(primitives, hkdfExtract(primitives, keyMaterial), info);
}

/** {@link hkdf16}'s info for the rolling proximity identifier key (RPIK) of a 16-byte TEK. */
export const RPIK_INFO = "EN-RPIK";
/** {@link hkdf16}'s info for the associated encrypted metadata key (AEMK) of a 16-byte TEK. */
export const AEMK_INFO = "EN-AEMK";

/** PaddedData, 16 bytes, whose last 4 are to be set to the interval (little-endian). */
export function paddedData(): Uint8Array {
  const padded = new Uint8Array(16);
  padded.set(RPI_LABEL);
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
