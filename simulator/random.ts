/**
 * Seeded random numbers, so that a run can be repeated exactly.
 *
 * @module
 */

/** A source of random numbers. */
export interface Random {
  /** Evenly distributed, 0 <= x < 1. */
  uniform(): number;
  /** Normally distributed with mean 0 and standard deviation 1. */
  normal(): number;
  /** A whole number of 32 bits, unsigned. */
  uint32(): number;
  /** `length` bytes. */
  bytes(length: number): Uint8Array;
  /** An independent source, the same for the same name. */
  fork(name: string): Random;
}

/** Makes a source (sfc32, from PractRand) from a name such as `"seed 7"`. */
export function createRandom(name: string): Random {
  let [a, b, c, counter] = hash128(name);

  function uint32(): number {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + result) | 0;
    return result >>> 0;
  }

  for (let i = 0; i < 12; i++) uint32();

  const uniform = (): number => uint32() / 0x1_0000_0000;

  return {
    uniform,
    uint32,
    // Box-Muller; 1 - u keeps the logarithm finite.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    bytes: (length) => Uint8Array.from({ length }, () => uint32() & 255),
    fork: (child) => createRandom(`${name}/${child}`),
  };
}

/**
 * Random numbers that depend on when they are drawn and not on what was drawn before: two runs that differ in one matter do
 * not come to differ in all others.
 */
export interface MomentRandom {
  /** A whole number of 32 bits, unsigned: the next of this moment, in milliseconds of virtual time. */
  uint32(moment: number): number;
}

/** Makes a source whose numbers are those of `random`'s seed. */
export function createMomentRandom(random: Random): MomentRandom {
  const low = random.uint32();
  const high = random.uint32();
  // No moment yet; at 0, a first draw would count as a second one.
  const time = Float64Array.of(Number.NaN);
  const words = new Uint32Array(time.buffer);
  let count = 0;
  return {
    uint32: (moment) => {
      count = time[0] === moment ? count + 1 : 0;
      time[0] = moment;
      return mixBits(
        mixBits(mixBits(low ^ (words[0] as number)) ^ high ^ (words[1] as number)) + count,
      );
    },
  };
}

/** Mixes 32 bits (MurmurHash3's last step): every bit of the input changes half of the output's; unsigned, and 0 stays 0. */
export function mixBits(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

// cyrb128: spreads a short text over the generator's state.
function hash128(text: string): [number, number, number, number] {
  let [h1, h2, h3, h4] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
  }
  return [h1 ^ h2, h2 ^ h3, h3 ^ h4, h4 ^ h1];
}
