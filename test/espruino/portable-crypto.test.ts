import { createCipheriv, createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { buildScript } from "../../firmware/build/bundle.ts";
import { runOnEspruino } from "../../simulator/interpreter/run.ts";
import { toHex } from "../support/vectors.ts";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

// Bytes without a pattern, the same in each run.
const bytes = (length: number, seed: number): Uint8Array =>
  createHash("shake256", { outputLength: length }).update(String(seed)).digest();

const source = (data: Uint8Array): string => `new Uint8Array([${data.join()}])`;

async function onEspruino(expressions: readonly string[]): Promise<string[]> {
  const script = await buildScript(
    path("../support/portable-crypto.js"),
    path("../../firmware/boards/parts/portable-aes.ts"),
  );
  const image = buildStorageImage("puckjs", { serial: 1, key: new Uint8Array(16) }, script);
  const { output } = await runOnEspruino(
    [process.env["ESPRUINO"] as string],
    image,
    expressions.map((each) => `print("BYTES " + ${each}.join());`).join("\n"),
  );
  return Array.from(output.matchAll(/BYTES ([\d,]+)/g), ([, list = ""]) =>
    toHex(Uint8Array.from(list.split(","), Number)),
  );
}

describe.skipIf(!process.env["ESPRUINO"])("on the real interpreter", () => {
  test("portable AES-128 agrees with OpenSSL", async () => {
    const seeds = Array.from({ length: 20 }, (_, index) => index);
    const given = seeds.map((seed) => [bytes(16, seed), bytes(16, 100 + seed)] as const);
    const encrypted = await onEspruino(
      given.map(([key, block]) => `E.encrypt(${source(key)}, ${source(block)})`),
    );
    expect(encrypted).toEqual(
      given.map(([key, block]) =>
        createCipheriv("aes-128-ecb", key, null)
          .setAutoPadding(false)
          .update(block)
          .toString("hex"),
      ),
    );
  });
});
