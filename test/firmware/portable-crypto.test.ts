import { createCipheriv, createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { buildScript } from "../../firmware/build/bundle.ts";
import type { Primitives } from "../../protocol/key-schedule.ts";
import { mapInPlace } from "../../simulator/espruino/map-in-place.ts";
import { untokenise } from "../../simulator/espruino/tokens.ts";
import { fromHex, toHex } from "../support/vectors.ts";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

// What is flashed is what is tested.
const script = await buildScript(
  path("../support/portable-crypto.js"),
  path("../../firmware/boards/puckjs-minimal.ts"),
);
const E = {
  mapInPlace,
  toUint8Array: (text: string) => Uint8Array.from(Buffer.from(text, "latin1")),
};
new Function("E", "NRF", `"use strict";${untokenise(script)}`)(E, {});
const { encrypt: aes128, SHA256: sha256 } = E as unknown as {
  encrypt: Primitives["aes128"];
  SHA256: Primitives["sha256"];
};

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test("AES-128 gives the examples of FIPS 197, appendices B and C.1", () => {
  const examples = [
    [
      "2b7e151628aed2a6abf7158809cf4f3c",
      "3243f6a8885a308d313198a2e0370734",
      "3925841d02dc09fbdc118597196a0b32",
    ],
    [
      "000102030405060708090a0b0c0d0e0f",
      "00112233445566778899aabbccddeeff",
      "69c4e0d86a7b0430d8cdb78070b4c55a",
    ],
  ] as const;
  for (const [key, block, encrypted] of examples) {
    expect(toHex(aes128(fromHex(key), fromHex(block)))).toBe(encrypted);
  }
});

test("AES-128 agrees with OpenSSL, and leaves its arguments alone", () => {
  fc.assert(
    fc.property(bytes(16), bytes(16), (key, block) => {
      const before = toHex(key) + toHex(block);
      const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
      expect(toHex(aes128(key, block))).toBe(cipher.update(block).toString("hex"));
      expect(toHex(key) + toHex(block)).toBe(before);
    }),
    { numRuns: 1000 },
  );
});

test("each call returns memory of its own", () => {
  const first = aes128(new Uint8Array(16), new Uint8Array(16));
  const kept = toHex(first);
  aes128(new Uint8Array(16), first);
  expect(toHex(first)).toBe(kept);
});

test("SHA-256 gives the examples that NIST published for FIPS 180-4", () => {
  const examples = [
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
  ] as const;
  for (const [message, digest] of examples) {
    expect(toHex(sha256(Uint8Array.from(Buffer.from(message))))).toBe(digest);
  }
});

test("SHA-256 agrees with OpenSSL at every length of up to four blocks", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 256 }), (message) => {
      const before = toHex(message);
      expect(toHex(sha256(message))).toBe(createHash("sha256").update(message).digest("hex"));
      expect(toHex(message)).toBe(before);
    }),
    { numRuns: 1000 },
  );
  for (let length = 0; length <= 256; length++) {
    const message = new Uint8Array(length).fill(0xff);
    expect(toHex(sha256(message))).toBe(createHash("sha256").update(message).digest("hex"));
  }
});
