/**
 * Espruino's `crypto` library, with the functions that a board has.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { ecb } from "@noble/ciphers/aes.js";
import type { BoardModel } from "./boards.ts";
import { loud } from "./loud.ts";

const FUNCTIONS = {
  SHA256: (message: Uint8Array): ArrayBuffer =>
    Uint8Array.from(createHash("sha256").update(message).digest()).buffer,
  AES: loud("crypto.AES", {
    encrypt: (message: Uint8Array, key: Uint8Array, options: { mode: string }): ArrayBuffer => {
      // Espruino's CTR ignores its iv, and its errors are printed instead of thrown.
      if (options.mode !== "ECB") throw new Error("The simulated AES knows ECB only");
      return Uint8Array.from(ecb(key, { disablePadding: true }).encrypt(message)).buffer;
    },
  }),
};

/** What `require("crypto")` returns on a board that has these functions. */
export function cryptoModel(names: BoardModel["crypto"]): object {
  return loud("crypto", Object.fromEntries(names.map((name) => [name, FUNCTIONS[name]])));
}
