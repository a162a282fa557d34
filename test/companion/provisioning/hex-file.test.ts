import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { buildHexFile } from "../../../companion/provisioning/hex-file.ts";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import type { BoardName } from "../../../protocol/flash-layout.ts";

// Another implementation of the format, whose types are not made for ECMAScript modules.
const { fromHex } = createRequire(import.meta.url)("nrf-intel-hex") as {
  fromHex(text: string): Map<number, Uint8Array>;
};

const identity = { serial: 9, key: new Uint8Array(16).fill(0xa5) };
const firmware = `print("${String.fromCharCode(200).repeat(1000)}")`;

test("the file for a Puck.js, read back, is the image at its address", () => {
  const board: BoardName = "puckjs";
  const blocks = [...fromHex(buildHexFile(board, identity, firmware))];
  // Blocks end where the upper half of the address changes.
  expect(blocks[0]?.[0]).toBe(0x6c000);
  const bytes = Buffer.concat(blocks.map(([, block]) => block));
  expect(bytes.equals(buildStorageImage(board, identity, firmware))).toBe(true);
  for (const [at, block] of blocks.slice(0, -1)) expect((at + block.length) & 0xffff).toBe(0);
});

test("a board with external flash has no such file", () => {
  expect(() => buildHexFile("banglejs2", identity, firmware)).toThrow(
    expect.objectContaining({ code: "hex-impossible" }),
  );
});

test("firmware that does not fit is refused", () => {
  expect(() => buildHexFile("puckjs", identity, "x".repeat(16 * 1024))).toThrow(
    expect.objectContaining({ code: "firmware-too-large" }),
  );
});
