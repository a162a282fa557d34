/**
 * Espruino's `crypto` library as a Puck.js has it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { ecb } from "@noble/ciphers/aes.js";
import { loud } from "./loud.ts";

/** What `require("crypto")` returns. */
export const cryptoModel = loud("crypto", {
  SHA256: (message: Uint8Array): ArrayBuffer =>
    Uint8Array.from(createHash("sha256").update(message).digest()).buffer,
  AES: loud("crypto.AES", {
    encrypt: (message: Uint8Array, key: Uint8Array, options: { mode: string }): ArrayBuffer => {
      // Espruino's CTR ignores its iv, and its errors are printed instead of thrown.
      if (options.mode !== "ECB") throw new Error("The simulated AES knows ECB only");
      return Uint8Array.from(ecb(key, { disablePadding: true }).encrypt(message)).buffer;
    },
  }),
});
