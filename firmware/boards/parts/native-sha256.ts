/** SHA-256 in Espruino's `crypto` library; for a result without room, see `native-aes.ts`. */

const crypto = require("crypto");

export function sha256(message: Uint8Array): Uint8Array {
  return new Uint8Array(
    crypto.SHA256(message) || E.defrag() || (crypto.SHA256(message) as ArrayBuffer),
  );
}
