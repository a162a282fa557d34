/** SHA-256 in Espruino's `crypto` library; for a result without room, see `native-aes.ts`. */

import { NO_ROOM } from "../../board.ts";

const crypto = require("crypto");

export function sha256(message: Uint8Array): Uint8Array {
  const result = crypto.SHA256(message) || E.defrag() || crypto.SHA256(message);
  if (!result) throw NO_ROOM;
  return new Uint8Array(result);
}
