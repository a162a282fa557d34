/**
 * Espruino's `crypto` library, with the functions that a board has.
 *
 * @module
 */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { cbc, ecb } from "@noble/ciphers/aes.js";
import type { BoardModel } from "./boards.ts";
import { loud, onlyKnown } from "./loud.ts";

const createFunctions = (hasRoom: () => boolean) => ({
  SHA256: (message: Uint8Array): ArrayBuffer | undefined =>
    hasRoom() ? Uint8Array.from(createHash("sha256").update(message).digest()).buffer : undefined,
  AES: loud("crypto.AES", {
    encrypt: (
      message: Uint8Array,
      key: Uint8Array,
      options: { mode: string; iv?: Uint8Array },
    ): ArrayBuffer | undefined => {
      // Espruino's CTR ignores its iv, and its errors are printed instead of thrown.
      const modes = {
        ECB: () => ecb(key, { disablePadding: true }),
        CBC: () => cbc(key, options.iv ?? new Uint8Array(16), { disablePadding: true }),
      };
      onlyKnown("crypto.AES", options, ["mode", "iv"]);
      const mode = modes[options.mode as keyof typeof modes];
      if (!mode) throw new Error("The simulated AES knows ECB and CBC only");
      return hasRoom() ? Uint8Array.from(mode().encrypt(message)).buffer : undefined;
    },
  }),
});

/**
 * What `require("crypto")` returns on a board that has these functions.
 *
 * @param hasRoom - whether there are free variables side by side for a result; without them Espruino prints an error
 * and returns undefined
 */
export function cryptoModel(names: BoardModel["crypto"], hasRoom: () => boolean): object {
  const functions = createFunctions(hasRoom);
  return loud("crypto", Object.fromEntries(names.map((name) => [name, functions[name]])));
}

/** Espruino's global `AES`, on boards that have AES-128-CCM. */
export const ccmModel = loud("AES", {
  ccmEncrypt: (message: Uint8Array, key: Uint8Array, nonce: Uint8Array, authTagLength: number) => {
    const cipher = createCipheriv("aes-128-ccm", key, nonce, { authTagLength });
    const data = Uint8Array.from(cipher.update(message)).buffer;
    cipher.final();
    return { data, tag: Uint8Array.from(cipher.getAuthTag()).buffer };
  },
  ccmDecrypt: (message: Uint8Array, key: Uint8Array, nonce: Uint8Array, tag: Uint8Array) => {
    const options = { authTagLength: tag.length };
    const decipher = createDecipheriv("aes-128-ccm", key, nonce, options).setAuthTag(tag);
    try {
      const plain = Uint8Array.from(decipher.update(message)).buffer;
      decipher.final();
      return plain;
    } catch {
      return undefined;
    }
  },
});
