/** AES-128-CCM in Espruino's global `AES`. */

import { TAG_BYTES } from "../../../protocol/ccm.ts";

export function crypt(
  key: Uint8Array,
  nonce: Uint8Array,
  bytes: Uint8Array,
  opening: boolean,
): Uint8Array | undefined {
  if (!opening) {
    const result = AES.ccmEncrypt(bytes, key, nonce, TAG_BYTES);
    const sealed = new Uint8Array(bytes.length + TAG_BYTES);
    sealed.set(new Uint8Array(result.data));
    sealed.set(new Uint8Array(result.tag), bytes.length);
    return sealed;
  }
  const length = bytes.length - TAG_BYTES;
  // Espruino's own takes no message without a byte.
  if (length < 1) return undefined;
  const tag = bytes.subarray(length);
  const message = AES.ccmDecrypt(bytes.subarray(0, length), key, nonce, tag);
  return message ? new Uint8Array(message) : undefined;
}
