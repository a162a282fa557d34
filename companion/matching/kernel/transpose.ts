import { VECTOR } from "./layout";

/**
 * Exchanges rows and columns of a matrix of 32 x 32 bits in each of the four lanes. Row r is vector r, column c is bit
 * 31 - c of a lane (after Warren, Hacker's Delight, section 7-3). Doing it twice gives the matrix back.
 *
 * @param at - 32 vectors
 */
export function transpose(at: usize): void {
  stage(at, 16, 0x0000ffff);
  stage(at, 8, 0x00ff00ff);
  stage(at, 4, 0x0f0f0f0f);
  stage(at, 2, 0x33333333);
  stage(at, 1, 0x55555555);
}

// @ts-ignore: decorator
@inline
function stage(at: usize, distance: i32, mask: i32): void {
  const masks = i32x4.splat(mask);
  const step = <usize>distance * VECTOR;
  for (let upper = 0; upper < 32; upper += 2 * distance) {
    const end = at + <usize>(upper + distance) * VECTOR;
    for (let row = at + <usize>upper * VECTOR; row < end; row += VECTOR) {
      const a = v128.load(row);
      const b = v128.load(row + step);
      const t = v128.and(v128.xor(a, i32x4.shr_u(b, distance)), masks);
      v128.store(row, v128.xor(a, t));
      v128.store(row + step, v128.xor(b, i32x4.shl(t, distance)));
    }
  }
}
