import { createCipheriv } from "node:crypto";
import type { BlockPrimitives } from "../../protocol/ccm.ts";

// In memory of its own, which Node's buffers share.
const crypt = (mode: string, key: Uint8Array, blocks: Uint8Array, iv: Uint8Array | null) =>
  Uint8Array.from(createCipheriv(mode, key, iv).setAutoPadding(false).update(blocks));

/** AES for whole blocks from Node's own cryptography. */
export const blockPrimitives: BlockPrimitives = {
  aes128: (key, blocks) => crypt("aes-128-ecb", key, blocks, null),
  cbcMac: (key, blocks, iv) => crypt("aes-128-cbc", key, blocks, iv).slice(-16),
};
