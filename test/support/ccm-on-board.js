// The cryptography of sync sessions on a board, given to Espruino's `E` under names that the build keeps.
import { aes128, cbcMac, sha256 } from "#board";
import { cryptCcm } from "../../protocol/ccm.ts";
import { hkdfExpand, hmacSha256 } from "../../protocol/hkdf.ts";
import { withData } from "./with-data.ts";

E.ccmEncrypt = (key, nonce, bytes, data) =>
  cryptCcm(withData({ aes128, cbcMac }, data), key, nonce, bytes, false);
E.ccmDecrypt = (key, nonce, bytes, data) =>
  cryptCcm(withData({ aes128, cbcMac }, data), key, nonce, bytes, true);
E.SHA256 = (key, message) => hmacSha256({ sha256 }, key, message);
E.encrypt = (extracted, info) => hkdfExpand({ sha256 }, extracted, info);
