/**
 * HKDF-SHA-256 with an empty salt and the info "EN-RPIK", cut to 16 bytes (RFC 5869, FIPS 180-4; Exposure Notification
 * Cryptography Specification v1.2, "Rolling Proximity Identifier Key"), for four keys at a time: vector lane l belongs to key l.
 *
 * Of HMAC's ten compressions four have nothing but constants as input; so six are left.
 */
import { KEYS, RPIKS } from "./layout";

// FIPS 180-4, section 4.2.2.
const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
], 16);
// FIPS 180-4, section 5.3.3.
const INITIAL: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
], 16);
/** Where HMAC's inner and outer hash stand after the block of an empty key. */
const INNER_EMPTY: usize = memory.data(32, 16);
const OUTER_EMPTY: usize = memory.data(32, 16);
/** "EN-RPIK", the counter 1, and the padding of a message of 64 + 8 bytes. */
const INFO: usize = memory.data<u32>([
  0x454e2d52, 0x50494b01, 0x80000000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (64 + 8) * 8,
], 16);
/** Message schedule of {@link INFO} and K, added up: 64 words. */
const INFO_SCHEDULE: usize = memory.data(256, 16);

/** Message schedule, the 16 latest words. */
const W: usize = memory.data(16 * 16, 16);
/** Chaining values. */
const HASH: usize = memory.data(8 * 16, 16);
const PSEUDORANDOM_KEY: usize = memory.data(8 * 16, 16);

const INNER_PAD: i32 = 0x36363636;
const OUTER_PAD: i32 = 0x5c5c5c5c;

// @ts-ignore: decorator
@inline
function rotated(x: v128, by: i32): v128 {
  return v128.or(i32x4.shr_u(x, by), i32x4.shl(x, 32 - by));
}

// @ts-ignore: decorator
@inline
function sum0(x: v128): v128 {
  return v128.xor(v128.xor(rotated(x, 2), rotated(x, 13)), rotated(x, 22));
}

// @ts-ignore: decorator
@inline
function sum1(x: v128): v128 {
  return v128.xor(v128.xor(rotated(x, 6), rotated(x, 11)), rotated(x, 25));
}

// @ts-ignore: decorator
@inline
function sigma0(x: v128): v128 {
  return v128.xor(v128.xor(rotated(x, 7), rotated(x, 18)), i32x4.shr_u(x, 3));
}

// @ts-ignore: decorator
@inline
function sigma1(x: v128): v128 {
  return v128.xor(v128.xor(rotated(x, 17), rotated(x, 19)), i32x4.shr_u(x, 10));
}

// The new `h`, before Σ0 and Maj, of a round whose schedule word and constant are `kw`.
// @ts-ignore: decorator
@inline
function first(e: v128, f: v128, g: v128, h: v128, kw: v128): v128 {
  const choice = v128.xor(g, v128.and(e, v128.xor(f, g)));
  return i32x4.add(i32x4.add(h, sum1(e)), i32x4.add(choice, kw));
}

// Maj(a, b, c) from a ^ b and b ^ c, of which the second is the first of the round before.
// @ts-ignore: decorator
@inline
function second(a: v128, b: v128, ab: v128, bc: v128): v128 {
  return i32x4.add(sum0(a), v128.xor(b, v128.and(ab, bc)));
}

// @ts-ignore: decorator
@inline
function word(schedule: usize, t: usize, constant: bool): v128 {
  return constant
    ? v128.load_splat<u32>(schedule + t * 4)
    : i32x4.add(v128.load(W + (t & 15) * 16), v128.load_splat<u32>(schedule + t * 4));
}

// Words 16 to 31 of a message schedule from words 0 to 15, and so on.
function extend(): void {
  for (let t: usize = 0; t < 16; t++) {
    const sum = i32x4.add(
      i32x4.add(sigma1(v128.load(W + ((t + 14) & 15) * 16)), v128.load(W + ((t + 9) & 15) * 16)),
      i32x4.add(sigma0(v128.load(W + ((t + 1) & 15) * 16)), v128.load(W + t * 16)),
    );
    v128.store(W + t * 16, sum);
  }
}

// One compression of HASH (FIPS 180-4, section 6.2.2), over W or over a constant message of which `schedule` has the words
// with the constants added.
// @ts-ignore: decorator
@inline
function compress(schedule: usize, constant: bool): void {
  let a = v128.load(HASH, 0);
  let b = v128.load(HASH, 16);
  let c = v128.load(HASH, 32);
  let d = v128.load(HASH, 48);
  let e = v128.load(HASH, 64);
  let f = v128.load(HASH, 80);
  let g = v128.load(HASH, 96);
  let h = v128.load(HASH, 112);
  let bc = v128.xor(b, c);
  let ab: v128;
  for (let t: usize = 0; t < 64; t += 8) {
    if (!constant && t > 0 && (t & 15) === 0) extend();
    h = first(e, f, g, h, word(schedule, t, constant));
    d = i32x4.add(d, h);
    ab = v128.xor(a, b);
    h = i32x4.add(h, second(a, b, ab, bc));

    g = first(d, e, f, g, word(schedule, t + 1, constant));
    c = i32x4.add(c, g);
    bc = v128.xor(h, a);
    g = i32x4.add(g, second(h, a, bc, ab));

    f = first(c, d, e, f, word(schedule, t + 2, constant));
    b = i32x4.add(b, f);
    ab = v128.xor(g, h);
    f = i32x4.add(f, second(g, h, ab, bc));

    e = first(b, c, d, e, word(schedule, t + 3, constant));
    a = i32x4.add(a, e);
    bc = v128.xor(f, g);
    e = i32x4.add(e, second(f, g, bc, ab));

    d = first(a, b, c, d, word(schedule, t + 4, constant));
    h = i32x4.add(h, d);
    ab = v128.xor(e, f);
    d = i32x4.add(d, second(e, f, ab, bc));

    c = first(h, a, b, c, word(schedule, t + 5, constant));
    g = i32x4.add(g, c);
    bc = v128.xor(d, e);
    c = i32x4.add(c, second(d, e, bc, ab));

    b = first(g, h, a, b, word(schedule, t + 6, constant));
    f = i32x4.add(f, b);
    ab = v128.xor(c, d);
    b = i32x4.add(b, second(c, d, ab, bc));

    a = first(f, g, h, a, word(schedule, t + 7, constant));
    e = i32x4.add(e, a);
    bc = v128.xor(b, c);
    a = i32x4.add(a, second(b, c, bc, ab));
  }
  addToHash(0, a);
  addToHash(16, b);
  addToHash(32, c);
  addToHash(48, d);
  addToHash(64, e);
  addToHash(80, f);
  addToHash(96, g);
  addToHash(112, h);
}

// @ts-ignore: decorator
@inline
function addToHash(offset: usize, value: v128): void {
  v128.store(HASH + offset, i32x4.add(v128.load(HASH + offset), value));
}

function compressMessage(): void {
  compress(K, false);
}

function compressInfo(): void {
  compress(INFO_SCHEDULE, true);
}

function setHash(words: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    v128.store(HASH + i * 16, v128.load_splat<u32>(words + i * 4));
  }
}

// The hash as the message, padded as the end of a message of 64 + 32 bytes.
function hashToMessage(): void {
  for (let i: usize = 0; i < 8; i++) v128.store(W + i * 16, v128.load(HASH + i * 16));
  fillMessage(8, 0);
  v128.store(W + 8 * 16, i32x4.splat(0x80000000));
  v128.store(W + 15 * 16, i32x4.splat((64 + 32) * 8));
}

function fillMessage(from: usize, value: i32): void {
  for (let i = from; i < 16; i++) v128.store(W + i * 16, i32x4.splat(value));
}

// Starts HMAC's inner or outer hash with the pseudorandom key.
function startWithKey(pad: i32): void {
  setHash(INITIAL);
  const pads = i32x4.splat(pad);
  for (let i: usize = 0; i < 8; i++) {
    v128.store(W + i * 16, v128.xor(v128.load(PSEUDORANDOM_KEY + i * 16), pads));
  }
  fillMessage(8, pad);
  compressMessage();
}

// Byte order of big-endian words.
// @ts-ignore: decorator
@inline
function swapped(x: v128): v128 {
  return i8x16.shuffle(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

// Four keys' words 0 to 3 to the front of the message, lane by lane.
function keysToMessage(keys: usize): void {
  const k0 = swapped(v128.load(keys, 0));
  const k1 = swapped(v128.load(keys, 16));
  const k2 = swapped(v128.load(keys, 32));
  const k3 = swapped(v128.load(keys, 48));
  const low01 = i32x4.shuffle(k0, k1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(k2, k3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(k0, k1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(k2, k3, 2, 6, 3, 7);
  v128.store(W, i64x2.shuffle(low01, low23, 0, 2), 0);
  v128.store(W, i64x2.shuffle(low01, low23, 1, 3), 16);
  v128.store(W, i64x2.shuffle(high01, high23, 0, 2), 32);
  v128.store(W, i64x2.shuffle(high01, high23, 1, 3), 48);
}

/** Prepares the constants; to be called once. */
export function prepareConstants(): void {
  setHash(INITIAL);
  fillMessage(0, INNER_PAD);
  compressMessage();
  for (let i: usize = 0; i < 8; i++) store<u32>(INNER_EMPTY + i * 4, load<u32>(HASH + i * 16));
  setHash(INITIAL);
  fillMessage(0, OUTER_PAD);
  compressMessage();
  for (let i: usize = 0; i < 8; i++) store<u32>(OUTER_EMPTY + i * 4, load<u32>(HASH + i * 16));

  for (let i: usize = 0; i < 16; i++) {
    v128.store(W + i * 16, v128.load_splat<u32>(INFO + i * 4));
  }
  for (let t: usize = 0; t < 64; t++) {
    if (t > 0 && (t & 15) === 0) extend();
    store<u32>(INFO_SCHEDULE + t * 4, load<u32>(W + (t & 15) * 16) + load<u32>(K + t * 4));
  }
}

/**
 * RPIKs of four keys.
 *
 * @param first - the first key's number among {@link KEYS}
 * @param words - where word j (big-endian, j from 0 to 3) of the four RPIKs goes: a vector each, `stride` bytes apart
 */
export function deriveFour(first: usize, words: usize, stride: usize): void {
  // Extract.
  setHash(INNER_EMPTY);
  keysToMessage(KEYS + first * 16);
  fillMessage(5, 0);
  v128.store(W, i32x4.splat(0x80000000), 4 * 16);
  v128.store(W, i32x4.splat((64 + 16) * 8), 15 * 16);
  compressMessage();
  hashToMessage();
  setHash(OUTER_EMPTY);
  compressMessage();
  for (let i: usize = 0; i < 8; i++) {
    v128.store(PSEUDORANDOM_KEY + i * 16, v128.load(HASH + i * 16));
  }
  // Expand.
  startWithKey(INNER_PAD);
  compressInfo();
  memory.copy(INNER, HASH, 8 * 16);
  startWithKey(OUTER_PAD);
  memory.copy(OUTER, HASH, 8 * 16);
  memory.copy(HASH, INNER, 8 * 16);
  hashToMessage();
  memory.copy(HASH, OUTER, 8 * 16);
  compressMessage();
  for (let j: usize = 0; j < 4; j++) {
    const value = v128.load(HASH + j * 16);
    v128.store(words + j * stride, value);
    store<u32>(RPIKS + first * 16 + j * 4, i32x4.extract_lane(value, 0));
    store<u32>(RPIKS + first * 16 + 16 + j * 4, i32x4.extract_lane(value, 1));
    store<u32>(RPIKS + first * 16 + 32 + j * 4, i32x4.extract_lane(value, 2));
    store<u32>(RPIKS + first * 16 + 48 + j * 4, i32x4.extract_lane(value, 3));
  }
}

const INNER: usize = memory.data(8 * 16, 16);
const OUTER: usize = memory.data(8 * 16, 16);
