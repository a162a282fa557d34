/** SHA-256 in Espruino's `crypto` library. */

const crypto = require("crypto");

export function sha256(message: Uint8Array): Uint8Array {
  return new Uint8Array(crypto.SHA256(message));
}
