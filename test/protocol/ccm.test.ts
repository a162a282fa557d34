import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cryptCcm } from "../../protocol/ccm.ts";
import { blockPrimitives } from "../support/block-primitives.ts";
import { withData } from "../support/with-data.ts";

const seal = (key: Uint8Array, nonce: Uint8Array, message: Uint8Array, data = new Uint8Array(0)) =>
  cryptCcm(withData(blockPrimitives, data), key, nonce, message, false)!;
const open = (key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, data = new Uint8Array(0)) =>
  cryptCcm(withData(blockPrimitives, data), key, nonce, sealed, true);

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const input = fc.record({
  key: bytes(16),
  nonce: bytes(13),
  message: fc.uint8Array({ maxLength: 400 }),
  data: fc.uint8Array({ maxLength: 40 }),
});

describe("AES-128-CCM", () => {
  test("is Node's own", () => {
    fc.assert(
      fc.property(input, ({ key, nonce, message, data }) => {
        const cipher = createCipheriv("aes-128-ccm", key, nonce, { authTagLength: 8 });
        cipher.setAAD(data, { plaintextLength: message.length });
        const expected = Buffer.concat([
          cipher.update(message),
          cipher.final(),
          cipher.getAuthTag(),
        ]);
        const sealed = seal(key, nonce, message, data);
        expect(Buffer.from(sealed).toString("hex")).toBe(expected.toString("hex"));
        expect(open(key, nonce, sealed, data)).toEqual(message);
      }),
    );
  });

  test("does not open when one bit of anything is another, or a byte is missing", () => {
    fc.assert(
      fc.property(input, fc.nat(), fc.nat({ max: 7 }), (given, place, bit) => {
        const { key, nonce, message, data } = given;
        const sealed = seal(key, nonce, message, data);
        const parts = [key, nonce, sealed, data].map((part) => new Uint8Array(part));
        let at = place % parts.reduce((sum, part) => sum + part.length, 0);
        const part = parts.find((each) => {
          if (at < each.length) return true;
          at -= each.length;
          return false;
        })!;
        part[at]! ^= 1 << bit;
        const [otherKey, otherNonce, otherSealed, otherData] = parts;
        expect(open(otherKey!, otherNonce!, otherSealed!, otherData!)).toBeUndefined();
        expect(open(key, nonce, sealed.subarray(0, place % sealed.length), data)).toBeUndefined();
      }),
    );
  });
});
