import { expect, test } from "vitest";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import { readStorageFile } from "../../../simulator/espruino/storage.ts";

const identity = { serial: 0x01020304, key: Uint8Array.from({ length: 16 }, (_, i) => i) };

test("the code comes first, then the identity, and the pool begins with a page", () => {
  const image = buildStorageImage("puckjs", identity, "print(1)");
  expect(image).toHaveLength(40 * 1024);
  const region = readStorageFile(image, "saqbol")!;
  expect((region.byteOffset + 24) % 4096).toBe(0);
  expect(region.byteOffset + region.length).toBe(image.length);
  expect(region.length - 24).toBe(6 * 4096);
  expect(Buffer.from(region.subarray(0, 24)).toString("hex")).toBe(
    `${Buffer.from("SQB1").toString("hex")}04030201000102030405060708090a0b0c0d0e0f`,
  );
  expect(region.subarray(24).every((byte) => byte === 0xff)).toBe(true);
  expect(Buffer.from(readStorageFile(image, ".bootcde")!).toString().trimEnd()).toBe("print(1)");
});

test("firmware that does not fit is refused, and the largest that fits is not", () => {
  const room = 4 * 4096 - 2 * 32 - 24;
  const image = buildStorageImage("puckjs", identity, "x".repeat(room));
  expect(readStorageFile(image, ".bootcde")!.every((byte) => byte === 0x78)).toBe(true);
  expect(readStorageFile(image, "saqbol")).toBeDefined();
  expect(() => buildStorageImage("puckjs", identity, "x".repeat(room + 1))).toThrow(
    new RegExp(`room for ${room};`),
  );
});
