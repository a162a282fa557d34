// The cryptography of sync sessions on a board, given to Espruino's `E` under names that the build keeps.
import { aes128, cbcMac, sha256 } from "#board";
import { cryptCcm } from "../../protocol/ccm.ts";
import { hkdfExpand, hmacSha256 } from "../../protocol/hkdf.ts";

E.ccmEncrypt = (key, nonce, bytes, data) =>
  cryptCcm({ aes128, cbcMac }, key, nonce, bytes, data, false);
E.ccmDecrypt = (key, nonce, bytes, data) =>
  cryptCcm({ aes128, cbcMac }, key, nonce, bytes, data, true);
E.SHA256 = (key, message) => hmacSha256({ sha256 }, key, message);
E.encrypt = (extracted, info) => hkdfExpand({ sha256 }, extracted, info);
