/**
 * HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869), as far as keys here need them.
 *
 * @module
 */

/** What the platform must bring. */
export interface HashPrimitives {
  /** SHA-256 (FIPS 180-4) of any number of bytes; 32 bytes, a new array. */
  sha256(message: Uint8Array): Uint8Array;
}

const SHA256_BLOCK = 64;
const HASH_BYTES = 32;

/**
 * HMAC-SHA-256 (RFC 2104) for keys of at most 64 bytes; 32 bytes. It is also HKDF's first step, with the salt as its key
 * (RFC 5869, section 2.2).
 */
export function hmacSha256(
  primitives: HashPrimitives,
  key: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const inner = new Uint8Array(SHA256_BLOCK + message.length);
  const outer = new Uint8Array(SHA256_BLOCK + HASH_BYTES);
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

/** HKDF's second step, as far as its first block goes: 32 bytes. `info` is ASCII text. */
export function hkdfExpand(
  primitives: HashPrimitives,
  pseudorandomKey: Uint8Array,
  info: string,
): Uint8Array {
  const block = new Uint8Array(info.length + 1);
  for (let i = 0; i < info.length; i++) block[i] = info.charCodeAt(i);
  block[info.length] = 1;
  return hmacSha256(primitives, pseudorandomKey, block);
}
