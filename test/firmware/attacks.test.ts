import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import { DeskSession } from "../../companion/token/desk-session.ts";
import { createAssembler } from "../../protocol/frames.ts";
import { hkdfExpand, hmacSha256 } from "../../protocol/hkdf.ts";
import {
  ERASE,
  ERASE_CONFIRMATION,
  ERASE_LAYOUT,
  encode,
  MAX_MESSAGE,
  RESPONSE,
  SET_STATE,
  SET_STATE_LAYOUT,
  STATUS,
} from "../../protocol/messages.ts";
import { REQUEST_CHARACTERISTIC } from "../../protocol/service.ts";
import { SECRET_BYTES, SYNC_INFO } from "../../protocol/sync-session.ts";
import { cardKeyOf } from "../../simulator/at-desk.ts";
import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import { connectTo } from "../../simulator/link.ts";
import { createRandom } from "../../simulator/random.ts";
import { MINUTE, Rig } from "../support/rig.ts";

const status = (tag: number) => encode(STATUS, tag, "", []);
const switchOff = encode(SET_STATE, 9, SET_STATE_LAYOUT, [0, 0]);

// A token whose sync window is open.
async function openToken(rig: Rig): Promise<EspruinoDevice> {
  const device = await rig.wornToken("A");
  device.press(3.5);
  rig.world.run(4);
  return device;
}

/** Someone who writes bytes and sees what comes back. */
class Central {
  readonly #rig: Rig;
  readonly #link;
  /** What came since the last write. */
  fragments: Uint8Array[] = [];
  isConnected = true;

  constructor(rig: Rig, device: EspruinoDevice) {
    this.#rig = rig;
    this.#link = connectTo(device);
    this.#link.onNotification((fragment) => this.fragments.push(fragment));
    this.#link.onDisconnect(() => {
      this.isConnected = false;
    });
  }

  /** Writes, and returns the response with this counter that comes within half a second. */
  async write(bytes: Uint8Array, counter: number): Promise<Uint8Array | undefined> {
    this.fragments = [];
    await this.#link.write(bytes);
    this.#rig.world.run(0.5);
    const assembler = createAssembler(counter, MAX_MESSAGE);
    return this.fragments.map((each) => assembler.accept(each)).find((whole) => whole);
  }

  disconnect(): void {
    this.#link.disconnect();
    this.#rig.world.run(0.1);
  }
}

async function session(rig: Rig, device: EspruinoDevice) {
  const central = new Central(rig, device);
  const desk = new DeskSession(cardKeyOf(device));
  const answer = await central.write(desk.hello, 0);
  expect(desk.begin(answer!)).toBe(true);
  const ask = async (request: Uint8Array): Promise<Uint8Array | undefined> => {
    const sealed = desk.seal(request);
    const response = await central.write(sealed, desk.counter);
    return response && desk.open(response);
  };
  return { central, desk, ask };
}

const typeOf = (response: Uint8Array | undefined) => response?.[0];

describe("who does not hold the card", () => {
  test("wrong key: the desk sees that the proof is wrong, and the token answers no request", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const central = new Central(rig, device);
    const desk = new DeskSession(new Uint8Array(16).fill(1));
    const answer = await central.write(desk.hello, 0);
    expect(desk.begin(answer!)).toBe(false);
    // A key of its own does not help.
    const other = new DeskSession(new Uint8Array(16).fill(1));
    const own = Buffer.concat([answer!.subarray(0, 16), new Uint8Array(16)]);
    expect(other.begin(own)).toBe(false);
    expect(await central.write(Uint8Array.of(1, 0, ...new Uint8Array(10)), 1)).toBeUndefined();
    expect(central.fragments.length).toBe(0);
  });

  test("memory too short for cryptography: nothing is answered, and nothing opens that was not sealed", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const central = new Central(rig, device);
    device.isFull = true;
    const desk = new DeskSession(cardKeyOf(device));
    expect(await central.write(desk.hello, 0)).toBeUndefined();
    device.isFull = false;
    expect(desk.begin((await central.write(desk.hello, 0))!)).toBe(true);
    device.isFull = true;
    // A message in the clear with a tag of zeros: what a key stream and a tag of nothing would let pass.
    const forged = Uint8Array.of(1, 0, STATUS, 9, ...new Uint8Array(8));
    expect(await central.write(forged, 1)).toBeUndefined();
    const sealed = desk.seal(encode(STATUS, 1, "", []));
    expect(await central.write(sealed, 1)).toBeUndefined();
    // The desk asks again, as after any lost response.
    device.isFull = false;
    expect(typeOf(desk.open((await central.write(sealed, 1))!))).toBe(STATUS | RESPONSE);
  });

  test("a central that connects and says nothing is cut off after ten seconds, and the window closes", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const central = new Central(rig, device);
    rig.world.run(9);
    expect(central.isConnected).toBe(true);
    rig.world.run(2);
    expect(central.isConnected).toBe(false);
    expect(device.nrf.onAir()?.connectable).toBe(true);
    rig.world.run(50);
    expect(device.nrf.onAir()?.connectable).toBe(false);
  });

  test("a central that comes back again and again does not keep the window open", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    for (let turn = 0; turn < 5; turn++) {
      const central = new Central(rig, device);
      await central.write(new DeskSession(new Uint8Array(16)).hello, 0);
      rig.world.run(9.7);
    }
    rig.world.run(12);
    expect(device.nrf.onAir()?.connectable).toBe(false);
  });

  test("a second central finds nothing to connect to during a session", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const { ask } = await session(rig, device);
    expect(() => connectTo(device)).toThrow(/No token/);
    expect(typeOf(await ask(status(1)))).toBe(STATUS | RESPONSE);
  });

  test("flooding: bad frames are not answered and neither keep nor end the window of a desk", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const { central, ask } = await session(rig, device);
    expect(typeOf(await ask(status(1)))).toBe(STATUS | RESPONSE);
    const random = createRandom("flood");
    for (let frame = 0; frame < 100; frame++) {
      await central.write(Uint8Array.of(2, 0, ...random.bytes(30)), 2);
      expect(central.fragments.length).toBe(0);
    }
    // Fifty seconds have gone by.
    expect(typeOf(await ask(status(2)))).toBe(STATUS | RESPONSE);
    for (let frame = 0; frame < 130 && central.isConnected; frame++) {
      await central.write(Uint8Array.of(3, 0, ...random.bytes(30)), 3);
    }
    expect(central.isConnected).toBe(false);
  });
});

describe("who changes what is on the air", () => {
  test("replayed: a request that was answered gets the same answer, and is not done again", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const { central, desk, ask } = await session(rig, device);
    const first = desk.seal(status(1));
    const answer = await central.write(first, 1);
    rig.world.run(5);
    expect(await central.write(first, 1)).toEqual(answer);
    await ask(status(2));
    // An older one is nothing at all.
    expect(await central.write(first, 1)).toBeUndefined();
  });

  test("replayed: another session's frames are nothing in this one", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const former = await session(rig, device);
    const off = former.desk.seal(switchOff);
    former.central.disconnect();
    const { central, ask } = await session(rig, device);
    expect(await central.write(off, 1)).toBeUndefined();
    expect((await ask(status(1)))!.subarray(0, 2)).toEqual(Buffer.of(STATUS | RESPONSE, 1));
  });

  test("a handshake from another session: the token's nonce is another, and so are its keys", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const former = await session(rig, device);
    former.central.disconnect();
    const central = new Central(rig, device);
    const answer = await central.write(former.desk.hello, 0);
    expect(former.desk.begin(answer!)).toBe(true);
    const again = await central.write(former.desk.hello, 0);
    expect(again).toEqual(answer);
    // A second hello on one connection is not answered.
    expect(await central.write(former.desk.seal(status(1)), 1)).toBeDefined();
    expect(await central.write(new DeskSession(cardKeyOf(device)).hello, 0)).toBeUndefined();
  });

  test("reordered, dropped: a request ahead of its turn is not answered, the right one is", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const { central, desk } = await session(rig, device);
    const first = desk.seal(status(1));
    const second = desk.seal(status(2));
    expect(await central.write(second, 2)).toBeUndefined();
    expect(await central.write(first, 1)).toBeDefined();
    const answer = await central.write(second, 2);
    expect(desk.open(answer!)![1]).toBe(2);
  });

  test("duplicated fragments make one response, and fragments of two do not mix", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const { central, desk } = await session(rig, device);
    await central.write(desk.seal(status(1)), 1);
    const first = central.fragments;
    await central.write(desk.seal(status(2)), 2);
    const second = central.fragments;
    expect(second.length).toBeGreaterThan(1);
    const assembler = createAssembler(2, MAX_MESSAGE);
    const mixed = second.flatMap((fragment, index) => [
      fragment,
      ...first,
      fragment,
      second[index]!,
    ]);
    const whole = mixed.map((fragment) => assembler.accept(fragment)).find((each) => each);
    expect(desk.open(whole!)![1]).toBe(2);
  });

  test("truncated, bit-flipped and reflected frames change nothing and are not answered", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const { central, desk } = await session(rig, device);
    const good = await central.write(desk.seal(encode(SET_STATE, 8, SET_STATE_LAYOUT, [1, 0])), 1);
    const off = desk.seal(switchOff);
    for (let length = 0; length < off.length; length++) {
      expect(await central.write(off.subarray(0, length), 2)).toBeUndefined();
    }
    for (let bit = 16; bit < 8 * off.length; bit++) {
      const flipped = Uint8Array.from(off);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      await central.write(flipped, 2);
      expect(central.fragments.length).toBe(0);
      if (bit % 40 === 0) rig.world.run(0.1);
      if (!central.isConnected) break;
    }
    // The token's own words, sent back to it.
    await central.write(Uint8Array.of(2, 0, ...good!), 2);
    expect(central.fragments.length).toBe(0);
    central.disconnect();
    rig.world.run(2 * MINUTE);
    const after = await rig.atDesk(device, (client) => client.status());
    expect(after.state).toBe("on");
  });

  test("a desk takes nothing that was truncated, flipped or its own", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const { central, desk } = await session(rig, device);
    const request = desk.seal(status(1));
    const answer = (await central.write(request, 1))!;
    for (let length = 0; length < answer.length; length++) {
      expect(desk.open(answer.subarray(0, length))).toBeUndefined();
    }
    for (let bit = 0; bit < 8 * answer.length; bit++) {
      const flipped = Uint8Array.from(answer);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(desk.open(flipped)).toBeUndefined();
    }
    expect(desk.open(request.subarray(2))).toBeUndefined();
    expect(desk.open(answer)).toBeDefined();
  });

  test("a desk that runs out of counters must begin anew", async () => {
    const rig = new Rig();
    const device = await openToken(rig);
    const { desk } = await session(rig, device);
    for (let counter = 1; counter <= 0xffff; counter++) desk.seal(status(1));
    expect(() => desk.seal(status(1))).toThrow(expect.objectContaining({ code: "session-over" }));
  });
});

test("a session needs its key and both nonces: another bit in any makes another proof", () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(bytes, bytes, bytes, fc.nat({ max: 383 }), (key, nonce, tokenNonce, bit) => {
      const extracted = hmacSha256(nodePrimitives, Buffer.concat([nonce, tokenNonce]), key);
      const proof = hkdfExpand(nodePrimitives, extracted, SYNC_INFO).subarray(SECRET_BYTES);
      const begin = (all: Uint8Array): boolean =>
        new DeskSession(all.subarray(0, 16), all.subarray(16, 32)).begin(
          Buffer.concat([all.subarray(32), proof]),
        );
      const all = Buffer.concat([key, nonce, tokenNonce]);
      expect(begin(all)).toBe(true);
      all[bit >> 3]! ^= 1 << (bit & 7);
      expect(begin(all)).toBe(false);
    }),
  );
});

test("a million random frames: no exception, nothing changes", async () => {
  const rig = new Rig();
  const device = await openToken(rig);
  rig.world.run(MINUTE);
  const before = await rig.atDesk(device, (client) => client.status());
  device.press(3.5);
  rig.world.run(4);
  const random = createRandom("million");
  const frames = 1_000_000;
  let central = new Central(rig, device);
  for (let frame = 0; frame < frames; frame++) {
    if (!central.isConnected || frame % 1000 === 0) {
      // Cut off in time, or gone by itself; the wearer opens the window again.
      central.disconnect();
      device.press(3.5);
      rig.world.run(4);
      central = new Central(rig, device);
      if (frame % 2000) await central.write(new DeskSession(random.bytes(16)).hello, 0);
    }
    const length = random.uint32() % 51;
    const bytes = random.bytes(length);
    // Half of them come close: a session's next counter.
    if (length > 2 && frame & 1) bytes.set([1, 0]);
    device.nrf.write(REQUEST_CHARACTERISTIC, bytes);
    if (frame % 100 === 99) rig.world.run(0.01);
    // The hello's answer, and that again for a frame with its counter.
    expect(central.fragments.length).toBeLessThan(4);
  }
  rig.world.run(2 * MINUTE);
  const after = await rig.atDesk(device, (client) => client.status());
  expect(after.state).toBe("on");
  expect(after.epochs).toEqual(before.epochs);
  expect(after.exposure).toEqual(before.exposure);
}, 600_000);

test("erasing needs its word even of who holds the card", async () => {
  const rig = new Rig();
  const device = await openToken(rig);
  const { ask } = await session(rig, device);
  expect(typeOf(await ask(encode(ERASE, 1, ERASE_LAYOUT, [ERASE_CONFIRMATION - 1])))).toBe(0xff);
  expect(typeOf(await ask(encode(ERASE, 1, ERASE_LAYOUT, [ERASE_CONFIRMATION])))).toBe(
    ERASE | RESPONSE,
  );
});
