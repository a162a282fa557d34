import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMomentRandom, createRandom } from "../../simulator/random.ts";

const ofSeed = (seed: string) => createMomentRandom(createRandom(seed));

const DRAWS = 20_000;

/** How far counts are from being equal: chi-squared over its degrees of freedom, 1 on the average. */
function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return (
    counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / (counts.length - 1)
  );
}

describe("numbers by the moment", () => {
  test("are the same for seed, moment and count, whatever was drawn before", () => {
    const moments = fc.array(fc.double({ min: 0, max: 2e12, noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.string(), moments, fc.nat(2e12), (seed, before, moment) => {
        const [one, other] = [ofSeed(seed), ofSeed(seed)];
        for (const each of before) if (each !== moment) one.uint32(each);
        const draw = (source: typeof one) => [0, 1, 2].map(() => source.uint32(moment));
        expect(draw(one)).toEqual(draw(other));
      }),
    );
  });

  test("are the same at the moment 0, whether it is the first one or not", () => {
    const [one, other] = [ofSeed("zero"), ofSeed("zero")];
    other.uint32(1);
    expect(one.uint32(0)).toBe(other.uint32(0));
  });

  test("differ between seeds, between moments and within one", () => {
    const drawn = new Set<number>();
    let count = 0;
    for (const seed of ["1", "2", "board 1", "board 2"]) {
      const random = ofSeed(seed);
      // Moments a microsecond, a millisecond and a minute apart, on days of their own.
      for (const [day, step] of [0.001, 1, 60_000].entries()) {
        for (let moment = 0; moment < 200; moment++) {
          for (let draw = 0; draw < 4; draw++) {
            drawn.add(random.uint32(Date.UTC(2026, 5, 1 + day) + step * moment));
            count++;
          }
        }
      }
    }
    // Of so many numbers of 32 bits, two are the same in one case of a hundred.
    expect(count - drawn.size).toBeLessThanOrEqual(1);
  });

  test.each([
    ["at the moments of a timer", (index: number) => 1.7e12 + 270_013.37 * index],
    ["at moments a millisecond apart", (index: number) => 1.7e12 + index],
    ["at one moment", () => 1.7e12],
  ])("are even in each byte, %s", (_, momentOf) => {
    const random = ofSeed("even");
    const bytes = [0, 8, 16, 24].map((shift) => ({ shift, counts: Array<number>(256).fill(0) }));
    // How often a number's bits agree with those of the one before.
    const same = Array<number>(32).fill(0);
    let last = 0;
    let isWord = true;
    for (let index = 0; index < DRAWS; index++) {
      const value = random.uint32(momentOf(index));
      isWord &&= value === value >>> 0;
      for (const { shift, counts } of bytes) counts[(value >>> shift) & 255]!++;
      for (let bit = 0; bit < 32; bit++) if (((value ^ last) >>> bit) % 2 === 0) same[bit]!++;
      last = value;
    }
    expect(isWord).toBe(true);
    // With 255 degrees of freedom chi-squared is beyond 1.35 of them once in 5,000 times.
    for (const { counts } of bytes) expect(unevenness(counts)).toBeLessThan(1.35);
    // Four standard deviations of a fair coin.
    for (const agreed of same)
      expect(Math.abs(agreed / DRAWS - 0.5)).toBeLessThan(2 / Math.sqrt(DRAWS));
  });
});
