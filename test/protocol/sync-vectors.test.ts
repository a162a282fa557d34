import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { DeskSession } from "../../companion/token/desk-session.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { cryptCcm } from "../../protocol/ccm.ts";
import { hkdfExpand, hmacSha256 } from "../../protocol/hkdf.ts";
import { SYNC_INFO } from "../../protocol/sync-session.ts";
import { EspruinoDevice } from "../../simulator/espruino/device.ts";
import { connectTo } from "../../simulator/link.ts";
import { createRandom } from "../../simulator/random.ts";
import { World } from "../../simulator/world.ts";
import { blockPrimitives } from "../support/block-primitives.ts";
import { MORNING } from "../support/rig.ts";
import { CCM_KEY, CCM_VECTORS, HKDF_VECTORS, SYNC_VECTORS } from "../support/sync-vectors.ts";
import { fromHex, toHex } from "../support/vectors.ts";
import { withData } from "../support/with-data.ts";

test.each(CCM_VECTORS)(
  "RFC 3610: header of %i bytes, packet of %i",
  (header, length, nonce, sealed) => {
    const packet = Uint8Array.from({ length }, (_, index) => index);
    const data = packet.subarray(0, header);
    const message = packet.subarray(header);
    const crypt = (bytes: Uint8Array, opening: boolean) =>
      cryptCcm(withData(blockPrimitives, data), fromHex(CCM_KEY), fromHex(nonce), bytes, opening);
    expect(toHex(crypt(message, false)!)).toBe(sealed);
    expect(toHex(crypt(fromHex(sealed), true)!)).toBe(toHex(message));
    // What Node makes of it, which is what the desk uses.
    const cipher = createCipheriv("aes-128-ccm", fromHex(CCM_KEY), fromHex(nonce), {
      authTagLength: 8,
    }).setAAD(data, { plaintextLength: message.length });
    const theirs = Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]);
    expect(theirs.toString("hex")).toBe(sealed);
  },
);

test.each(HKDF_VECTORS)("RFC 5869: salt $salt", ({ keyMaterial, salt, info, ...expected }) => {
  const extracted = hmacSha256(nodePrimitives, fromHex(salt), fromHex(keyMaterial));
  expect(toHex(extracted)).toBe(expected.pseudorandomKey);
  const text = Buffer.from(info, "hex").toString("latin1");
  expect(toHex(hkdfExpand(nodePrimitives, extracted, text))).toBe(expected.output);
});

describe("the handshake", () => {
  const v = SYNC_VECTORS;
  const desk = () => new DeskSession(fromHex(v.tokenKey), fromHex(v.deskNonce));

  test("its secrets", () => {
    const salt = fromHex(v.deskNonce + v.tokenNonce);
    const extracted = hmacSha256(nodePrimitives, salt, fromHex(v.tokenKey));
    expect(toHex(extracted)).toBe(v.pseudorandomKey);
    expect(toHex(hkdfExpand(nodePrimitives, extracted, SYNC_INFO))).toBe(v.sessionKey + v.proof);
  });

  test("at the desk", () => {
    const session = desk();
    expect(toHex(session.hello)).toBe(v.hello);
    expect(session.begin(fromHex(v.answer))).toBe(true);
    expect(toHex(session.seal(fromHex(v.request)))).toBe(v.requestWrite);
    expect(toHex(session.open(fromHex(v.responseFragment).subarray(1))!)).toBe(v.response);
  });

  test("on the built bundle", async () => {
    const world = new World(MORNING, "vectors");
    const random = createRandom("vectors");
    const nonce = [...fromHex(v.tokenNonce)];
    const identity = { serial: 1, key: fromHex(v.tokenKey) };
    const image = buildStorageImage("puckjs", identity, await buildFirmware("puckjs"));
    const device = new EspruinoDevice(world.timeline, random, image);
    device.powerOn();
    device.press(3.5);
    world.run(4);
    const link = connectTo(device);
    const fragments: string[] = [];
    link.onNotification((fragment) => fragments.push(toHex(fragment)));
    device.noise = { uint32: () => nonce.shift()! };
    await link.write(fromHex(v.hello));
    world.run(0.2);
    await link.write(fromHex(v.requestWrite));
    world.run(0.2);
    expect(fragments).toEqual([v.answerFragment, v.responseFragment]);
  });
});
