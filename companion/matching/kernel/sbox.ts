/**
 * The S-box of AES as a circuit of 115 gates without its constant: substituted values lack the final exclusive or with 0x63.
 * After J. Boyar and R. Peralta, "A depth-16 circuit for the AES S-box" (2011); the names are theirs, x0 and s0 being the
 * most significant bits.
 *
 * @module
 */
import { VECTOR } from "./layout";

// @ts-ignore: decorator
@inline
function xor(a: v128, b: v128): v128 {
  return v128.xor(a, b);
}

// @ts-ignore: decorator
@inline
function and(a: v128, b: v128): v128 {
  return v128.and(a, b);
}

/**
 * Substitutes bytes.
 *
 * @param from - bytes of 8 vectors each
 * @param order - for each byte of the result the offset (uint16) of its source from `from`
 * @param to - where the result goes, byte after byte
 */
export function substitute(from: usize, order: usize, to: usize, count: usize): void {
  const end = to + count * 8 * VECTOR;
  for (; to < end; to += 8 * VECTOR, order += 2) {
    const at = from + load<u16>(order);
    const x0 = v128.load(at, 0);
    const x1 = v128.load(at, 16);
    const x2 = v128.load(at, 32);
    const x3 = v128.load(at, 48);
    const x4 = v128.load(at, 64);
    const x5 = v128.load(at, 80);
    const x6 = v128.load(at, 96);
    const x7 = v128.load(at, 112);

    const y14 = xor(x3, x5);
    const y13 = xor(x0, x6);
    const y9 = xor(x0, x3);
    const y8 = xor(x0, x5);
    const t0 = xor(x1, x2);
    const y1 = xor(t0, x7);
    const y4 = xor(y1, x3);
    const y12 = xor(y13, y14);
    const y2 = xor(y1, x0);
    const y5 = xor(y1, x6);
    const y3 = xor(y5, y8);
    const t1 = xor(x4, y12);
    const y15 = xor(t1, x5);
    const y20 = xor(t1, x1);
    const y6 = xor(y15, x7);
    const y10 = xor(y15, t0);
    const y11 = xor(y20, y9);
    const y7 = xor(x7, y11);
    const y17 = xor(y10, y11);
    const y19 = xor(y10, y8);
    const y16 = xor(t0, y11);
    const y21 = xor(y13, y16);
    const y18 = xor(x0, y16);

    const t2 = and(y12, y15);
    const t3 = and(y3, y6);
    const t4 = xor(t3, t2);
    const t5 = and(y4, x7);
    const t6 = xor(t5, t2);
    const t7 = and(y13, y16);
    const t8 = and(y5, y1);
    const t9 = xor(t8, t7);
    const t10 = and(y2, y7);
    const t11 = xor(t10, t7);
    const t12 = and(y9, y11);
    const t13 = and(y14, y17);
    const t14 = xor(t13, t12);
    const t15 = and(y8, y10);
    const t16 = xor(t15, t12);
    const t17 = xor(t4, t14);
    const t18 = xor(t6, t16);
    const t19 = xor(t9, t14);
    const t20 = xor(t11, t16);
    const t21 = xor(t17, y20);
    const t22 = xor(t18, y19);
    const t23 = xor(t19, y21);
    const t24 = xor(t20, y18);
    const t25 = xor(t21, t22);
    const t26 = and(t21, t23);
    const t27 = xor(t24, t26);
    const t28 = and(t25, t27);
    const t29 = xor(t28, t22);
    const t30 = xor(t23, t24);
    const t31 = xor(t22, t26);
    const t32 = and(t31, t30);
    const t33 = xor(t32, t24);
    const t34 = xor(t23, t33);
    const t35 = xor(t27, t33);
    const t36 = and(t24, t35);
    const t37 = xor(t36, t34);
    const t38 = xor(t27, t36);
    const t39 = and(t29, t38);
    const t40 = xor(t25, t39);
    const t41 = xor(t40, t37);
    const t42 = xor(t29, t33);
    const t43 = xor(t29, t40);
    const t44 = xor(t33, t37);
    const t45 = xor(t42, t41);
    const z0 = and(t44, y15);
    const z1 = and(t37, y6);
    const z2 = and(t33, x7);
    const z3 = and(t43, y16);
    const z4 = and(t40, y1);
    const z5 = and(t29, y7);
    const z6 = and(t42, y11);
    const z7 = and(t45, y17);
    const z8 = and(t41, y10);
    const z9 = and(t44, y12);
    const z10 = and(t37, y3);
    const z11 = and(t33, y4);
    const z12 = and(t43, y13);
    const z13 = and(t40, y5);
    const z14 = and(t29, y2);
    const z15 = and(t42, y9);
    const z16 = and(t45, y14);
    const z17 = and(t41, y8);

    const t46 = xor(z15, z16);
    const t47 = xor(z10, z11);
    const t48 = xor(z5, z13);
    const t49 = xor(z9, z10);
    const t50 = xor(z2, z12);
    const t51 = xor(z2, z5);
    const t52 = xor(z7, z8);
    const t53 = xor(z0, z3);
    const t54 = xor(z6, z7);
    const t55 = xor(z16, z17);
    const t56 = xor(z12, t48);
    const t57 = xor(t50, t53);
    const t58 = xor(z4, t46);
    const t59 = xor(z3, t54);
    const t60 = xor(t46, t57);
    const t61 = xor(z14, t57);
    const t62 = xor(t52, t58);
    const t63 = xor(t49, t58);
    const t64 = xor(z4, t59);
    const t65 = xor(t61, t62);
    const t66 = xor(z1, t63);
    const t67 = xor(t64, t65);
    const s3 = xor(t53, t66);
    v128.store(to, xor(t59, t63), 0);
    v128.store(to, xor(t64, s3), 16);
    v128.store(to, xor(t55, t67), 32);
    v128.store(to, s3, 48);
    v128.store(to, xor(t51, t66), 64);
    v128.store(to, xor(t47, t65), 80);
    v128.store(to, xor(t56, t62), 96);
    v128.store(to, xor(t48, t60), 112);
  }
}
