/**
 * AES-128-CCM (RFC 3610) with tags of 8 bytes (M = 8) and nonces of 13 (L = 2), for platforms that have AES for whole
 * blocks only.
 *
 * @module
 */

/** What the platform must bring. Both return a new array in memory of its own and leave their arguments alone. */
export interface BlockPrimitives {
  /** AES-128 in ECB mode without padding (FIPS 197): 16-byte key, `blocks` a multiple of 16 bytes. */
  aes128(key: Uint8Array, blocks: Uint8Array): Uint8Array;
  /** The last block of AES-128 in CBC mode, whose first block is chained to `iv`; 16 bytes. */
  cbcMac(key: Uint8Array, blocks: Uint8Array, iv: Uint8Array): Uint8Array;
}

/** Length of a tag in bytes. */
export const TAG_BYTES = 8;
/** Length of a nonce in bytes. */
export const NONCE_BYTES = 13;

const BLOCK_BYTES = 16;
/**
 * As much as goes through AES in one call: on a token the result needs free variables side by side, which get rare.
 */
const CHUNK_BYTES = 64;
/** L - 1, where L is the size of the length field. */
const COUNTER_FLAGS = 1;
/** The same with (M - 2) / 2 above it: the first byte of what the tag is made of. */
export const TAG_FLAGS = 0x19;

/**
 * Seals a message of at most 4,080 bytes, or opens what was sealed. One function for both, because on a token each
 * takes memory, called or not. Nothing else is authenticated: a sync session has no such data.
 *
 * @param nonce - 13 bytes; to seal, never used before with this key
 * @param bytes - the message; to open, the encrypted message with its tag of 8 bytes behind it
 * @param opening - whether to open
 * @returns the other of both; undefined when anything about what is to be opened is wrong
 */
export function cryptCcm(
  primitives: BlockPrimitives,
  key: Uint8Array,
  nonce: Uint8Array,
  bytes: Uint8Array,
  opening: boolean,
): Uint8Array | undefined {
  const length = opening ? bytes.length - TAG_BYTES : bytes.length;
  if (length < 0) return undefined;
  const end = BLOCK_BYTES + length;
  const size = (end + BLOCK_BYTES - 1) & -BLOCK_BYTES;

  // Blocks to make the key stream of, but for their counters.
  const counters = new Uint8Array(CHUNK_BYTES);
  counters[0] = COUNTER_FLAGS;
  counters.set(nonce, 1);
  // Twice as much each time: native copying is cheaper than an interpreted loop.
  for (let filled = BLOCK_BYTES; filled < CHUNK_BYTES; filled *= 2) {
    counters.set(counters.subarray(0, filled), filled);
  }

  // The tag and, a block behind it, the message.
  const text = new Uint8Array(size);
  const words = new Uint32Array(text.buffer);
  text.set(bytes.subarray(0, length), BLOCK_BYTES);
  if (opening) text.set(bytes.subarray(length));
  let wrong = 0;
  for (let step = 0; step < 2; step++) {
    if (opening === (step === 0)) {
      // Encrypts or decrypts; the first block of the key stream is the tag's (section 2.3).
      for (let at = 0; at < size; at += CHUNK_BYTES) {
        for (let i = 0; i < CHUNK_BYTES; i += BLOCK_BYTES) counters[i + 15] = (at + i) >> 4;
        const stream = new Uint32Array(primitives.aes128(key, counters).buffer);
        const from = at >> 2;
        // Four bytes in each interpreted step.
        for (let i = Math.min(CHUNK_BYTES, size - at) >> 2; i--; ) words[from + i] ^= stream[i];
      }
    } else {
      // Makes the tag of the message, as it is before or after that (section 2.2).
      text.fill(0, end, size);
      const head = new Uint8Array(BLOCK_BYTES);
      head[0] = TAG_FLAGS;
      head.set(nonce, 1);
      head[14] = length >> 8;
      head[15] = length;
      let mac = primitives.cbcMac(key, head, new Uint8Array(BLOCK_BYTES));
      for (let at = BLOCK_BYTES; at < size; at += CHUNK_BYTES) {
        mac = primitives.cbcMac(key, text.subarray(at, Math.min(at + CHUNK_BYTES, size)), mac);
      }
      const found = new Uint32Array(mac.buffer);
      wrong = (found[0] ^ words[0]) | (found[1] ^ words[1]);
      words.set(found);
    }
  }
  if (opening) return wrong ? undefined : new Uint8Array(text.subarray(BLOCK_BYTES, end));
  const sealed = new Uint8Array(length + TAG_BYTES);
  sealed.set(text.subarray(BLOCK_BYTES, end));
  sealed.set(text.subarray(0, TAG_BYTES), length);
  return sealed;
}
