/** AES in Espruino's `crypto` library. */

const encrypt = require("crypto").AES.encrypt;
const ECB = { mode: "ECB" } as const;

export function aes128(key: Uint8Array, block: Uint8Array): Uint8Array {
  return new Uint8Array(encrypt(block, key, ECB));
}
