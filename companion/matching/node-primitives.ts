/**
 * The key schedule's primitives from Node's own cryptography.
 *
 * @module
 */
import { createCipheriv, createHash } from "node:crypto";
import type { Primitives } from "../../protocol/key-schedule.ts";

/** See {@link Primitives}. */
export const nodePrimitives: Primitives = {
  sha256: (message) => createHash("sha256").update(message).digest(),
  aes128: (key, blocks) =>
    createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(blocks),
};
