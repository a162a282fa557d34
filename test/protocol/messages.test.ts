import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CODEC_ERROR,
  decode,
  ENCOUNTERS_LAYOUT,
  ERASE_LAYOUT,
  EXPOSURE_LAYOUT,
  encode,
  KEYS_LAYOUT,
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
