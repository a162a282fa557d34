import fc from "fast-check";
import { expect, test } from "vitest";
import { createAssembler, frameOf, LAST_FRAME } from "../../protocol/frames.ts";
import {
  CODEC_ERROR,
  decode,
  ENCOUNTERS_LAYOUT,
  ERASE_LAYOUT,
  EXPOSURE_LAYOUT,
  encode,
  KEYS_LAYOUT,
  MAX_MESSAGE,
  REFUSED_LAYOUT,
  restOf,
  SET_STATE_LAYOUT,
  STATUS_LAYOUT,
} from "../../protocol/messages.ts";

const layouts = [
  "",
  REFUSED_LAYOUT,
  SET_STATE_LAYOUT,
  ERASE_LAYOUT,
  EXPOSURE_LAYOUT,
  STATUS_LAYOUT,
  ENCOUNTERS_LAYOUT,
  KEYS_LAYOUT,
];
const layout = fc.constantFrom(...layouts);

const message = layout.chain((name) =>
  fc.record({
    layout: fc.constant(name),
    values: fc.tuple(
      ...[...name]
        .filter((size) => size !== "*")
        .map((size) => fc.nat({ max: 2 ** (8 * Number(size)) - 1 })),
    ),
    rest: name.endsWith("*") ? fc.uint8Array({ maxLength: 300 }) : fc.constant(undefined),
    type: fc.nat({ max: 255 }),
    tag: fc.nat({ max: 255 }),
  }),
);

test("what is encoded is decoded again", () => {
  fc.assert(
    fc.property(message, ({ layout, values, rest, type, tag }) => {
      const bytes = encode(type, tag, layout, values, rest);
      expect([bytes[0], bytes[1]]).toEqual([type, tag]);
      const decoded = decode(layout, bytes);
      expect(decoded).toEqual(values);
      expect([...restOf(layout, bytes)]).toEqual([...(rest ?? [])]);
    }),
  );
});

test("decoding arbitrary bytes throws nothing but the codec's own error", () => {
  fc.assert(
    fc.property(layout, fc.uint8Array({ maxLength: 80 }), (name, bytes) => {
      try {
        decode(name, bytes);
      } catch (error) {
        expect((error as Error).name).toBe(CODEC_ERROR);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a message that is cut short or has a byte too many is refused", () => {
  const bytes = encode(1, 2, EXPOSURE_LAYOUT, [1, 2, 3, 4, 5, 1]);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decode(EXPOSURE_LAYOUT, bytes.subarray(0, length))).toThrow();
  }
  expect(() => decode(EXPOSURE_LAYOUT, Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow();
});

test.each([
  ["too large", "1", [256]],
  ["negative", "4", [-1]],
  ["too few", "14", [1]],
])("a value that is %s is not encoded", (_, name, values) => {
  expect(() => encode(1, 1, name, values)).toThrow(expect.objectContaining({ name: CODEC_ERROR }));
});

test("frames come together in any order, however often they are repeated", () => {
  const arrangement = fc.record({
    body: fc.uint8Array({ minLength: 1, maxLength: MAX_MESSAGE - 2 }),
    size: fc.integer({ min: 20, max: 50 }),
    order: fc.array(fc.nat({ max: 40 }), { maxLength: 60 }),
  });
  fc.assert(
    fc.property(arrangement, ({ body, size, order }) => {
      const whole = encode(1, 9, "*", [], body);
      const count = Math.ceil(whole.length / (size - 2));
      const assembler = createAssembler(9, MAX_MESSAGE);
      const shuffled = [...order.map((number) => number % count), ...Array(count).keys()];
      const results = shuffled.map((number) => assembler.accept(frameOf(whole, number, size)));
      const first = results.find((result) => result !== undefined);
      expect(Buffer.from(first ?? [])).toEqual(Buffer.from(whole));
    }),
  );
});

test("an assembler ignores other tags, empty frames and messages that are too long", () => {
  const assembler = createAssembler(1, 10);
  expect(assembler.accept(Uint8Array.of(2, LAST_FRAME, 5))).toBeUndefined();
  expect(assembler.accept(Uint8Array.of(1, LAST_FRAME))).toBeUndefined();
  expect(assembler.accept(new Uint8Array(30).fill(1))).toBeUndefined();
});

test("an assembler takes arbitrary frames without throwing", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 50 }), (frames) => {
      const assembler = createAssembler(1, MAX_MESSAGE);
      for (const frame of frames) assembler.accept(frame);
    }),
  );
});
