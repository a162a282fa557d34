/**
 * The text in the QR code on a token's card. A scanner that acts as a keyboard types it, so it does not depend on
 * small and capital letters; digits, capitals and colons alone also make the code small (QR's alphanumeric mode).
 *
 * ```text
 * SQB1:<serial number, decimal>:<token key, 32 hexadecimal digits>:<check, 8 hexadecimal digits>
 * ```
 *
 * The check is the CRC-32 of everything before its colon: it finds what a scanner or a hand has mistyped.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { IDENTITY_MAGIC, TOKEN_KEY_BYTES } from "../../protocol/flash-layout.ts";
import { Failure } from "../failure.ts";
import type { TokenIdentity } from "./storage-image.ts";

const CODE = new RegExp(
  `^(${IDENTITY_MAGIC}:(\\d{1,10}):([0-9A-F]{${2 * TOKEN_KEY_BYTES}})):([0-9A-F]{8})$`,
);

/** Writes the code of an identity. */
export function encodeCardCode({ serial, key }: TokenIdentity): string {
  const code = `${IDENTITY_MAGIC}:${serial}:${hex(key)}`;
  return `${code}:${check(code)}`;
}

/**
 * Reads a code as a scanner or a person types it: in small letters, too, and with space around it.
 *
 * @throws Failure `card-code-malformed`
 */
export function parseCardCode(text: string): TokenIdentity {
  const [, code = "", serial = "", key = "", typedCheck] =
    CODE.exec(text.trim().toUpperCase()) ?? [];
  if (typedCheck !== check(code) || Number(serial) > 0xffffffff) {
    throw new Failure(
      "card-code-malformed",
      "This is not the code of a token's card, or a part of it is wrong; scan the card again.",
    );
  }
  return { serial: Number(serial), key: Buffer.from(key, "hex") };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex").toUpperCase();

const check = (code: string): string => crc32(code).toString(16).toUpperCase().padStart(8, "0");
