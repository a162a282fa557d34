/** AES in Espruino's `crypto` library. */

const crypto = require("crypto");
const ECB = { mode: "ECB" } as const;

export function aes128(key: Uint8Array, block: Uint8Array): Uint8Array {
  return new Uint8Array(crypto.AES.encrypt(block, key, ECB));
}
