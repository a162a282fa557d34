import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { buildScript } from "../../firmware/build/bundle.ts";
import { runOnEspruino } from "../../simulator/interpreter/run.ts";
import { CCM_KEY, CCM_VECTORS, HKDF_VECTORS, SYNC_VECTORS } from "../support/sync-vectors.ts";
import { fromHex, toHex } from "../support/vectors.ts";
import { firmware, notifications, run, source } from "./token.ts";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const bytes = (hex: string): string => `new Uint8Array(${source(fromHex(hex))})`;

async function onBoard(expressions: readonly string[]): Promise<string[]> {
  const script = await buildScript(
    path("../support/ccm-on-board.js"),
    path("../../firmware/boards/puckjs.ts"),
  );
  const image = buildStorageImage("puckjs", { serial: 1, key: new Uint8Array(16) }, script);
  const { output } = await runOnEspruino(
    [process.env["ESPRUINO"] as string],
    image,
    expressions.map((each) => `print("BYTES " + (${each} || []).join());`).join("\n"),
  );
  return Array.from(output.matchAll(/BYTES ([\d,]*)/g), ([, list = ""]) =>
    toHex(Uint8Array.from(list.split(",").filter(Boolean), Number)),
  );
}

describe.skipIf(!process.env["ESPRUINO"])("on the real interpreter", () => {
  test("RFC 3610 on the cryptography of a Puck.js", async () => {
    const cases = CCM_VECTORS.flatMap(([header, length, nonce, sealed]) => {
      const packet = toHex(Uint8Array.from({ length }, (_, index) => index));
      const given = [CCM_KEY, nonce].map(bytes);
      const data = bytes(packet.slice(0, 2 * header));
      const message = packet.slice(2 * header);
      const damaged = `${sealed.slice(0, -2)}00`;
      return [
        [`E.ccmEncrypt(${given}, ${bytes(message)}, ${data})`, sealed],
        [`E.ccmDecrypt(${given}, ${bytes(sealed)}, ${data})`, message],
        [`E.ccmDecrypt(${given}, ${bytes(damaged)}, ${data})`, ""],
      ] as const;
    });
    const found = await onBoard(cases.map(([expression]) => expression));
    expect(found).toEqual(cases.map(([, expected]) => expected));
  });

  test("RFC 5869 on the cryptography of a Puck.js", async () => {
    const found = await onBoard(
      HKDF_VECTORS.flatMap(({ keyMaterial, salt, info, pseudorandomKey }) => [
        `E.SHA256(new Uint8Array(${source(fromHex(salt))}), ${bytes(keyMaterial)})`,
        `E.encrypt(${bytes(pseudorandomKey)}, E.toString(${source(fromHex(info))}) || "")`,
      ]),
    );
    expect(found).toEqual(
      HKDF_VECTORS.flatMap(({ pseudorandomKey, output }) => [pseudorandomKey, output]),
    );
  });

  test("the whole handshake on the built bundle", async () => {
    const v = SYNC_VECTORS;
    const identity = { serial: 1, key: fromHex(v.tokenKey) };
    const image = buildStorageImage("puckjs", identity, firmware);
    const [recorded] = await run(
      `press(3.5); listeners.connect();
      randomBytes = ${source(fromHex(v.tokenNonce))};
      write(${source(fromHex(v.hello))}); write(${source(fromHex(v.requestWrite))});
      advance(1); report();`,
      image,
    );
    expect(notifications(recorded!).map((each) => each.toString("hex"))).toEqual([
      v.answerFragment,
      v.responseFragment,
    ]);
  });

  test("ten thousand random frames leave no variable behind", async () => {
    const [recorded] = await run(`
      press(3.5); listeners.connect();
      function flood(frames) {
        for (var i = 0; i < frames; i++) {
          var frame = [i & 1, 0];
          for (var length = random() % 12; length > 0; length--) frame.push(random() & 255);
          write(frame);
        }
      }
      var usage;
      flood(100); usage = process.memory().usage; record("usage", usage);
      flood(9900); usage = process.memory().usage; record("usage", usage);
      report();`);
    const usage = recorded!.filter(([call]) => call === "usage").map(([, value]) => Number(value));
    expect(usage).toHaveLength(2);
    expect(usage[1]! - usage[0]!).toBeLessThan(8);
  });
});
