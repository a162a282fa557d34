/** AES-128-CCM out of AES for whole blocks. */

import { aes128, cbcMac } from "#board";
import { cryptCcm } from "../../../protocol/ccm.ts";

export function crypt(
  key: Uint8Array,
  nonce: Uint8Array,
  bytes: Uint8Array,
  opening: boolean,
): Uint8Array | undefined {
  return cryptCcm({ aes128, cbcMac }, key, nonce, bytes, opening);
}
