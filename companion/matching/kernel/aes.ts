/**
 * AES-128 (FIPS 197) of up to 256 blocks under each of 128 keys, bitsliced, and only as much of it as decides whether a log can
 * hold the result: blocks that differ in byte 12 alone share most of the first two rounds, and of the result three bytes are computed.
 *
 * State byte i is in row i % 4 and column i / 4. The S-box leaves its constant out; it goes through ShiftRows and MixColumns
 * unchanged, so that the round keys make up for it.
 *
 * @module
 */
import { ROUND_KEYS, STATE, SUBSTITUTED, VECTOR } from "./layout";
import { substitute } from "./sbox";

/** Bytes that one byte of 128 keys takes. */
const BYTE: usize = 8 * VECTOR;
const BLOCK: usize = 16 * BYTE;

/** ShiftRows: where each byte comes from. */
const SHIFTED: usize = memory.data<u16>([
  0 * 128, 5 * 128, 10 * 128, 15 * 128, 4 * 128, 9 * 128, 14 * 128, 3 * 128,
  8 * 128, 13 * 128, 2 * 128, 7 * 128, 12 * 128, 1 * 128, 6 * 128, 11 * 128,
], 16);
/** RotWord of the last column of a round key. */
const ROTATED: usize = memory.data<u16>([13 * 128, 14 * 128, 15 * 128, 12 * 128], 16);
const IN_ORDER: usize = memory.data<u16>([0, 128, 256, 384], 16);
const RCON: usize = memory.data<u8>([0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1b, 0x36], 16);

/** The bytes that every block begins with: "EN-RPI" and six zeros. */
const PADDED: usize = memory.data<u8>([0x45, 0x4e, 0x2d, 0x52, 0x50, 0x49, 0, 0, 0, 0, 0, 0], 16);

/** The state after round 1 without the part of byte 12: its column is without it, the others are final. */
const AFTER_FIRST: usize = memory.data(128 * 16, 16);
/** The state after round 2 without the parts of the four bytes that depend on byte 12. */
const AFTER_SECOND: usize = memory.data(128 * 16, 16);
/** Byte 12 of a block, and what becomes of it; four bytes in round 2. */
const CHANGING: usize = memory.data(4 * 128, 16);
const CHANGED: usize = memory.data(4 * 128, 16);

// @ts-ignore: decorator
@inline
function ones(bit: u32): v128 {
  return i32x4.splat(-(<i32>bit));
}

/** Expands the keys of which the bits stand in the first of {@link ROUND_KEYS} (FIPS 197, section 5.2). */
export function expandKeys(): void {
  for (let round: usize = 1; round <= 10; round++) {
    const before = ROUND_KEYS + (round - 1) * BLOCK;
    const after = ROUND_KEYS + round * BLOCK;
    substitute(before, ROTATED, after, 4);
    const rcon = <u32>load<u8>(RCON + round - 1);
    for (let bit: usize = 0; bit < 8; bit++) {
      const at = after + bit * VECTOR;
      v128.store(at, v128.xor(v128.load(at), ones((rcon >> (7 - <u32>bit)) & 1)));
    }
    for (let i: usize = 0; i < 4 * 8; i++) {
      const bit = i & 7;
      // The S-box's constant, 0x63.
      const constant = ones((0x63 >> (7 - <u32>bit)) & 1);
      const at = i * VECTOR;
      let word = v128.xor(v128.load(after + at), v128.xor(v128.load(before + at), constant));
      v128.store(after + at, word);
      for (let column: usize = 1; column < 4; column++) {
        const place = column * 4 * BYTE + at;
        word = v128.xor(word, v128.load(before + place));
        v128.store(after + place, word);
      }
    }
  }
  // Only now, since the expansion goes on from the true round keys.
  for (let at = ROUND_KEYS + BLOCK; at < ROUND_KEYS + 11 * BLOCK; at += BYTE) {
    invert(at + 1 * VECTOR);
    invert(at + 2 * VECTOR);
    invert(at + 6 * VECTOR);
    invert(at + 7 * VECTOR);
  }
}

// @ts-ignore: decorator
@inline
function invert(at: usize): void {
  v128.store(at, v128.not(v128.load(at)));
}

/** Prepares for blocks whose interval (uint32, little-endian in bytes 12 to 15) is `upper` * 256 and something. */
export function openBlocks(upper: u32): void {
  for (let i: usize = 0; i < 16; i++) {
    const byte = <u32>(i < 12 ? load<u8>(PADDED + i) : i === 12 ? 0 : (upper >> (8 * (<u32>i - 13))) & 255);
    for (let bit: usize = 0; bit < 8; bit++) {
      const at = i * BYTE + bit * VECTOR;
      const key = v128.load(ROUND_KEYS + at);
      v128.store(STATE + at, v128.xor(key, ones((byte >> (7 - <u32>bit)) & 1)));
    }
  }
  substitute(STATE, SHIFTED, SUBSTITUTED, 16);
  memory.fill(SUBSTITUTED + 12 * BYTE, 0, BYTE);
  mixColumns(AFTER_FIRST, ROUND_KEYS + BLOCK);
  substitute(AFTER_FIRST, SHIFTED, SUBSTITUTED, 16);
  memory.fill(SUBSTITUTED + 3 * BYTE, 0, BYTE);
  memory.fill(SUBSTITUTED + 6 * BYTE, 0, BYTE);
  memory.fill(SUBSTITUTED + 9 * BYTE, 0, BYTE);
  memory.fill(SUBSTITUTED + 12 * BYTE, 0, BYTE);
  mixColumns(AFTER_SECOND, ROUND_KEYS + 2 * BLOCK);
}

/** Encrypts the block with this low byte; of the result's first three bytes the bits go to `to`, 24 vectors. */
export function encryptPrefix(low: u32, to: usize): void {
  for (let bit: usize = 0; bit < 8; bit++) {
    const key = v128.load(ROUND_KEYS + 12 * BYTE + bit * VECTOR);
    v128.store(CHANGING + bit * VECTOR, v128.xor(key, ones((low >> (7 - <u32>bit)) & 1)));
  }
  substitute(CHANGING, IN_ORDER, CHANGED, 1);
  addMixed(CHANGED, AFTER_FIRST + 12 * BYTE, CHANGING, 0);
  substitute(CHANGING, IN_ORDER, CHANGED, 4);
  addMixed(CHANGED + 3 * BYTE, AFTER_SECOND, STATE, 3);
  addMixed(CHANGED + 2 * BYTE, AFTER_SECOND + 4 * BYTE, STATE + 4 * BYTE, 2);
  addMixed(CHANGED + BYTE, AFTER_SECOND + 8 * BYTE, STATE + 8 * BYTE, 1);
  addMixed(CHANGED, AFTER_SECOND + 12 * BYTE, STATE + 12 * BYTE, 0);
  for (let round: usize = 3; round < 9; round++) {
    substitute(STATE, SHIFTED, SUBSTITUTED, 16);
    mixColumns(STATE, ROUND_KEYS + round * BLOCK);
  }
  // The result's bytes 0, 1 and 2 come from bytes 0, 5 and 10, each of a column of its own.
  substitute(STATE, SHIFTED, SUBSTITUTED, 12);
  const key = ROUND_KEYS + 9 * BLOCK;
  const one = SUBSTITUTED;
  mixByte(one, one + BYTE, one + 2 * BYTE, one + 3 * BYTE, key, CHANGING);
  const two = SUBSTITUTED + 4 * BYTE;
  mixByte(two + BYTE, two + 2 * BYTE, two + 3 * BYTE, two, key + 5 * BYTE, CHANGING + BYTE);
  const three = SUBSTITUTED + 8 * BYTE;
  mixByte(three + 2 * BYTE, three + 3 * BYTE, three, three + BYTE, key + 10 * BYTE, CHANGING + 2 * BYTE);
  substitute(CHANGING, IN_ORDER, CHANGED, 3);
  for (let at: usize = 0; at < 3 * BYTE; at += VECTOR) {
    const last = v128.load(ROUND_KEYS + 10 * BLOCK + at);
    v128.store(to + at, v128.xor(v128.load(CHANGED + at), last));
  }
}

/** MixColumns of {@link SUBSTITUTED}, and AddRoundKey (FIPS 197, sections 5.1.3 and 5.1.4). */
function mixColumns(to: usize, key: usize): void {
  for (let at: usize = 0; at < BLOCK; at += 4 * BYTE) {
    mixColumn(SUBSTITUTED + at, to + at, key + at);
  }
}

// Row i of a column a becomes 2 (a[i] + a[i+1]) + a[i+1] + (a[i+2] + a[i+3]). Doubling moves each bit to the next, and the
// most significant one to bits 0, 1, 3 and 4.
// @ts-ignore: decorator
@inline
function mixColumn(a: usize, to: usize, key: usize): void {
  let a0 = v128.load(a, 0);
  let a1 = v128.load(a, 128);
  let a2 = v128.load(a, 256);
  let a3 = v128.load(a, 384);
  const top0 = v128.xor(a0, a1);
  const top1 = v128.xor(a1, a2);
  const top2 = v128.xor(a2, a3);
  const top3 = v128.xor(a3, a0);
  let p0 = top0;
  let p1 = top1;
  let p2 = top2;
  let p3 = top3;
  // From the most significant bit down: `q` is what is doubled into the bit at hand.
  for (let bit: usize = 0; bit < 8; bit++) {
    const at = bit * VECTOR;
    let q0 = top0;
    let q1 = top1;
    let q2 = top2;
    let q3 = top3;
    let n0 = a0;
    let n1 = a1;
    let n2 = a2;
    let n3 = a3;
    if (bit < 7) {
      n0 = v128.load(a + at, 16);
      n1 = v128.load(a + at, 144);
      n2 = v128.load(a + at, 272);
      n3 = v128.load(a + at, 400);
      q0 = v128.xor(n0, n1);
      q1 = v128.xor(n1, n2);
      q2 = v128.xor(n2, n3);
      q3 = v128.xor(n3, n0);
    }
    let r0 = v128.xor(v128.xor(q0, a1), v128.xor(p2, v128.load(key + at, 0)));
    let r1 = v128.xor(v128.xor(q1, a2), v128.xor(p3, v128.load(key + at, 128)));
    let r2 = v128.xor(v128.xor(q2, a3), v128.xor(p0, v128.load(key + at, 256)));
    let r3 = v128.xor(v128.xor(q3, a0), v128.xor(p1, v128.load(key + at, 384)));
    if (bit === 3 || bit === 4 || bit === 6) {
      r0 = v128.xor(r0, top0);
      r1 = v128.xor(r1, top1);
      r2 = v128.xor(r2, top2);
      r3 = v128.xor(r3, top3);
    }
    v128.store(to + at, r0, 0);
    v128.store(to + at, r1, 128);
    v128.store(to + at, r2, 256);
    v128.store(to + at, r3, 384);
    a0 = n0;
    a1 = n1;
    a2 = n2;
    a3 = n3;
    p0 = q0;
    p1 = q1;
    p2 = q2;
    p3 = q3;
  }
}

// One byte of a mixed column, from its own row on: 2 (a + b) + b + c + d, and the round key.
function mixByte(a: usize, b: usize, c: usize, d: usize, key: usize, to: usize): void {
  const top = v128.xor(v128.load(a), v128.load(b));
  for (let bit: usize = 0; bit < 8; bit++) {
    const at = bit * VECTOR;
    let doubled = bit === 7 ? top : v128.xor(v128.load(a + at, 16), v128.load(b + at, 16));
    if (bit === 3 || bit === 4 || bit === 6) doubled = v128.xor(doubled, top);
    const rest = v128.xor(v128.xor(v128.load(b + at), v128.load(c + at)), v128.load(d + at));
    v128.store(to + at, v128.xor(v128.xor(doubled, rest), v128.load(key + at)));
  }
}

// A column whose other three rows are in `base`, with the part of the byte in `row` added: twice, once, once and three times it,
// from its own row upwards.
// @ts-ignore: decorator
@inline
function addMixed(byte: usize, base: usize, to: usize, row: usize): void {
  const top = v128.load(byte);
  for (let bit: usize = 0; bit < 8; bit++) {
    const at = bit * VECTOR;
    const once = v128.load(byte + at);
    let twice = bit === 7 ? top : v128.load(byte + at, 16);
    if (bit === 3 || bit === 4 || bit === 6) twice = v128.xor(twice, top);
    const thrice = v128.xor(once, twice);
    addTo(base, to, at + row * BYTE, twice);
    addTo(base, to, at + ((row + 1) & 3) * BYTE, once);
    addTo(base, to, at + ((row + 2) & 3) * BYTE, once);
    addTo(base, to, at + ((row + 3) & 3) * BYTE, thrice);
  }
}

// @ts-ignore: decorator
@inline
function addTo(base: usize, to: usize, at: usize, value: v128): void {
  v128.store(to + at, v128.xor(v128.load(base + at), value));
}
