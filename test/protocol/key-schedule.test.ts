import { createHash } from "node:crypto";
import { ecb } from "@noble/ciphers/aes.js";
import { describe, expect, test } from "vitest";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import {
  AEM_OFFSET,
  BEACON_BYTES,
  emptyBeacon,
  METADATA_VERSION,
  RPI_OFFSET,
} from "../../protocol/beacon.ts";
import { hmacSha256 } from "../../protocol/hkdf.ts";
import {
  AEMK_INFO,
  cryptMetadata,
  deriveRpi,
  hkdf16,
  type Primitives,
  RPIK_INFO,
} from "../../protocol/key-schedule.ts";
import { fromHex, toHex, vectors } from "../support/vectors.ts";

const noblePrimitives: Primitives = {
  sha256: (message) => createHash("sha256").update(message).digest(),
  aes128: (key, blocks) => ecb(key, { disablePadding: true }).encrypt(blocks),
};

const implementations = { "node:crypto": nodePrimitives, "@noble/ciphers": noblePrimitives };

describe.each(Object.entries(implementations))("key schedule on %s", (_, primitives) => {
  const tek = fromHex(vectors.tek);

  test("RPIK and AEMK of the published vectors", () => {
    expect(toHex(hkdf16(primitives, tek, RPIK_INFO))).toBe(vectors.rpik);
    expect(toHex(hkdf16(primitives, tek, AEMK_INFO))).toBe(vectors.aemk);
  });

  test("all 144 RPIs and AEMs of the published vectors", () => {
    const rpik = hkdf16(primitives, tek, RPIK_INFO);
    const aemk = hkdf16(primitives, tek, AEMK_INFO);
    const derived = vectors.intervals.map(([interval]) => {
      const rpi = deriveRpi(primitives, rpik, interval);
      const aem = cryptMetadata(primitives, aemk, rpi, fromHex(vectors.metadata));
      return [interval, toHex(rpi), toHex(aem)];
    });
    expect(derived).toHaveLength(144);
    expect(derived).toEqual(vectors.intervals);
  });

  test("decrypting metadata is the same operation", () => {
    const aemk = hkdf16(primitives, tek, AEMK_INFO);
    const rpi = fromHex(vectors.intervals[7]![1]);
    const aem = fromHex(vectors.intervals[7]![2]);
    expect(toHex(cryptMetadata(primitives, aemk, rpi, aem))).toBe(vectors.metadata);
  });

  test("HMAC-SHA-256, RFC 4231 test case 2", () => {
    const key = Buffer.from("Jefe");
    const message = Buffer.from("what do ya want for nothing?");
    expect(toHex(hmacSha256(primitives, key, message))).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });

  test("HKDF-SHA-256, RFC 5869 test case 3, first 16 bytes", () => {
    const okm = hkdf16(primitives, new Uint8Array(22).fill(0x0b), "");
    expect(toHex(okm)).toBe("8da4e775a563c18f715f802a063c5a31");
  });
});

test("metadata begins with version 1.0, as in the vectors", () => {
  expect(METADATA_VERSION).toBe(fromHex(vectors.metadata)[0]);
});

test("the payload is service list and service data, 28 bytes, without flags as on Android", () => {
  const payload = emptyBeacon(BEACON_BYTES);
  payload.fill(0xaa, RPI_OFFSET, RPI_OFFSET + 16);
  payload.fill(0xbb, AEM_OFFSET, AEM_OFFSET + 4);
  expect(toHex(payload)).toBe(`03036ffd17166ffd${"aa".repeat(16)}${"bb".repeat(4)}`);
});
