import { expect, test } from "vitest";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import { FILE_HEADER_BYTES, LAYOUTS, PAGE_BYTES } from "../../../protocol/flash-layout.ts";
import { readStorageFile } from "../../../simulator/espruino/storage.ts";

const identity = { serial: 0x01020304, key: Uint8Array.from({ length: 16 }, (_, i) => i) };

test("the region comes first and ends on a page, the code follows", () => {
  const image = buildStorageImage("puckjs", identity, "print(1)");
  expect(image).toHaveLength(40 * 1024);
  const region = readStorageFile(image, "saqbol")!;
  expect(region.byteOffset).toBe(32);
  expect((region.byteOffset + region.length) % 4096).toBe(0);
  expect(Buffer.from(region.subarray(0, 24)).toString("hex")).toBe(
    `${Buffer.from("SQB1").toString("hex")}04030201000102030405060708090a0b0c0d0e0f`,
  );
  expect(region.subarray(24).every((byte) => byte === 0xff)).toBe(true);
  expect(Buffer.from(readStorageFile(image, ".bootcde")!).toString()).toBe("print(1)");
});

test("firmware that does not fit is refused, and the largest that fits is not", () => {
  const { storagePages, regionPages } = LAYOUTS.puckjs;
  const room = (storagePages - regionPages) * PAGE_BYTES - FILE_HEADER_BYTES;
  expect(buildStorageImage("puckjs", identity, "x".repeat(room)).at(-1)).toBe(0x78);
  expect(() => buildStorageImage("puckjs", identity, "x".repeat(room + 1))).toThrow(
    new RegExp(`room for ${room};`),
  );
});
