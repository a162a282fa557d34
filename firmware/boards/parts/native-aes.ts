/**
 * AES in Espruino's `crypto` library. Its results need free variables side by side; when it says that there are none, it
 * is asked again once memory has been put in order.
 */

const encrypt = require("crypto").AES.encrypt;
const ECB = { mode: "ECB" } as const;

export function aes128(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return new Uint8Array(
    encrypt(blocks, key, ECB) || E.defrag() || (encrypt(blocks, key, ECB) as ArrayBuffer),
  );
}

export function cbcMac(key: Uint8Array, blocks: Uint8Array, iv: Uint8Array): Uint8Array {
  const mode = { mode: "CBC", iv } as const;
  const encrypted = new Uint8Array(
    encrypt(blocks, key, mode) || E.defrag() || (encrypt(blocks, key, mode) as ArrayBuffer),
  );
  return new Uint8Array(encrypted.subarray(blocks.length - 16, blocks.length));
}
