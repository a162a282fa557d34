/**
 * Where everything lies in the kernel's memory. A vector has one bit, or one 32-bit word for each four, of 128 keys.
 */

/** Keys that are worked on at a time. */
export const LANES: i32 = 128;
/** Bytes of a vector. */
export const VECTOR: usize = 16;

/** TEKs, 16 bytes each; set by the caller. */
export const KEYS: usize = memory.data(128 * 16, 16);
/** RPIKs, 16 bytes each, as big-endian words; read by the caller. */
export const RPIKS: usize = memory.data(128 * 16, 16);
/** Low bytes of the intervals to derive, at most 256; set by the caller. */
export const INTERVALS: usize = memory.data(256, 16);
/** A byte for each value of the first 18 bits of an RPI: 1 where the log has such an RPI; set by the caller. */
export const NEAR: usize = memory.data(1 << 18, 16);
/** Found candidates, 8 bytes each; read by the caller. */
export const CANDIDATES: usize = memory.data(256 * 128 * 8, 16);

/** Round keys: 11 of 16 bytes of 8 vectors. */
export const ROUND_KEYS: usize = memory.data(11 * 128 * 16, 16);
/** The state of AES, 16 bytes of 8 vectors, most significant bit first. */
export const STATE: usize = memory.data(128 * 16, 16);
/** The state after SubBytes and ShiftRows. */
export const SUBSTITUTED: usize = memory.data(128 * 16, 16);
