/**
 * AES-128 (FIPS 197) for boards whose Espruino has none. An interpreter pays for each step of a
 * script: the state lies in rows, so that one step works on four bytes, and substitution and shifting are left to
 * `E.mapInPlace`.
 */

/** Between the columns of FIPS 197 and rows. */
const TRANSPOSE = new Uint8Array([0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15]);
/** ShiftRows. */
const SHIFT = new Uint8Array([0, 1, 2, 3, 5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14]);
const ROUNDS = 10;

/** The S-box, and twice what it holds. */
const sbox = new Uint8Array(256);
const doubled = new Uint8Array(256);

const state = new Uint8Array(16);
const rows = new Int32Array(state.buffer);
const substituted = new Uint8Array(16);
const single = new Int32Array(substituted.buffer);
const twice = new Uint8Array(16);
const double = new Int32Array(twice.buffer);

/** Twice a byte, in the field of FIPS 197, section 4.2. */
function timesTwo(byte: number): number {
  return (byte << 1) ^ (byte & 128 ? 0x11b : 0);
}

function substitute(byte: number, inverse: number): void {
  const turning = inverse | (inverse << 8);
  const value =
    (inverse ^ (turning >> 7) ^ (turning >> 6) ^ (turning >> 5) ^ (turning >> 4) ^ 0x63) & 255;
  sbox[byte] = value;
  doubled[byte] = timesTwo(value);
}

function makeTables(): void {
  // 3 generates the field: the powers of 3 and of its inverse meet all bytes but 0.
  let power = 1;
  let inverse = 1;
  do {
    power ^= timesTwo(power);
    inverse ^= inverse << 1;
    inverse ^= inverse << 2;
    inverse = (inverse ^ (inverse << 4)) & 255;
    if (inverse & 128) inverse ^= 9;
    substitute(power, inverse);
  } while (power > 1);
  substitute(0, 0);
}
makeTables();

function encryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  E.mapInPlace(TRANSPOSE, state, key);
  let key0 = rows[0];
  let key1 = rows[1];
  let key2 = rows[2];
  let key3 = rows[3];
  let constant = 1;
  E.mapInPlace(TRANSPOSE, state, block);
  rows[0] ^= key0;
  rows[1] ^= key1;
  rows[2] ^= key2;
  rows[3] ^= key3;
  for (let round = 1; round <= ROUNDS; round++) {
    // The next round's key: the last column, substituted and turned, goes into the first, ...
    const last = key0 >>> 24;
    key0 ^= sbox[key1 >>> 24] ^ constant;
    key1 ^= sbox[key2 >>> 24];
    key2 ^= sbox[key3 >>> 24];
    key3 ^= sbox[last];
    // ... and each column into all that follow.
    key0 ^= key0 << 8;
    key1 ^= key1 << 8;
    key2 ^= key2 << 8;
    key3 ^= key3 << 8;
    key0 ^= key0 << 16;
    key1 ^= key1 << 16;
    key2 ^= key2 << 16;
    key3 ^= key3 << 16;
    constant = timesTwo(constant);

    E.mapInPlace(SHIFT, substituted, state);
    E.mapInPlace(substituted, twice, doubled);
    E.mapInPlace(substituted, substituted, sbox);
    if (round < ROUNDS) {
      // MixColumns: 2, 3, 1 and 1 times the rows from each on.
      const all = single[0] ^ single[1] ^ single[2] ^ single[3];
      rows[0] = all ^ single[0] ^ double[0] ^ double[1] ^ key0;
      rows[1] = all ^ single[1] ^ double[1] ^ double[2] ^ key1;
      rows[2] = all ^ single[2] ^ double[2] ^ double[3] ^ key2;
      rows[3] = all ^ single[3] ^ double[3] ^ double[0] ^ key3;
    }
  }
  rows[0] = single[0] ^ key0;
  rows[1] = single[1] ^ key1;
  rows[2] = single[2] ^ key2;
  rows[3] = single[3] ^ key3;
  const encrypted = new Uint8Array(16);
  E.mapInPlace(TRANSPOSE, encrypted, state);
  return encrypted;
}

export function aes128(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  const encrypted = new Uint8Array(blocks.length);
  for (let at = 0; at < blocks.length; at += 16) {
    encrypted.set(encryptBlock(key, blocks.subarray(at, at + 16)), at);
  }
  return encrypted;
}

export function cbcMac(key: Uint8Array, blocks: Uint8Array, iv: Uint8Array): Uint8Array {
  let mac = new Uint8Array(iv);
  for (let at = 0; at < blocks.length; at += 16) {
    for (let i = 0; i < 16; i++) mac[i] ^= blocks[at + i];
    mac = encryptBlock(key, mac);
  }
  return mac;
}
