/**
 * AES in Espruino's `crypto` library. Its results need free variables side by side; when it says that there are none, it
 * is asked again once memory has been put in order.
 */

import { NO_ROOM } from "../../board.ts";

const encrypt = require("crypto").AES.encrypt;

function run(
  key: Uint8Array,
  blocks: Uint8Array,
  options: Parameters<typeof encrypt>[2],
): Uint8Array {
  const result = encrypt(blocks, key, options) || E.defrag() || encrypt(blocks, key, options);
  // An array of nothing would pass for a result.
  if (!result) throw NO_ROOM;
  return new Uint8Array(result);
}

export function aes128(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return run(key, blocks, { mode: "ECB" });
}

export function cbcMac(key: Uint8Array, blocks: Uint8Array, iv: Uint8Array): Uint8Array {
  const encrypted = run(key, blocks, { mode: "CBC", iv });
  return new Uint8Array(encrypted.subarray(blocks.length - 16));
}
