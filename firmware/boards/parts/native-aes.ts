/** AES in Espruino's `crypto` library. */

const encrypt = require("crypto").AES.encrypt;
const ECB = { mode: "ECB" } as const;

export function aes128(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return new Uint8Array(encrypt(blocks, key, ECB));
}

export function cbcMac(key: Uint8Array, blocks: Uint8Array, iv: Uint8Array): Uint8Array {
  const encrypted = new Uint8Array(encrypt(blocks, key, { mode: "CBC", iv }));
  return new Uint8Array(encrypted.subarray(blocks.length - 16, blocks.length));
}
