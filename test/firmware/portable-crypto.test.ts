import { createCipheriv } from "node:crypto";
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
  path("../../firmware/boards/parts/portable-aes.ts"),
);
const E = {
  mapInPlace,
  toUint8Array: (text: string) => Uint8Array.from(Buffer.from(text, "latin1")),
};
new Function("E", "NRF", `"use strict";${untokenise(script)}`)(E, {});
const { encrypt: aes128 } = E as unknown as { encrypt: Primitives["aes128"] };

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
