import fc from "fast-check";
import { expect, test } from "vitest";
import { createAssembler, fragmentOf, LAST_FRAGMENT } from "../../protocol/frames.ts";
import { MAX_MESSAGE } from "../../protocol/messages.ts";

test("fragments come together in any order, however often they are repeated", () => {
  const arrangement = fc.record({
    response: fc.uint8Array({ minLength: 1, maxLength: MAX_MESSAGE }),
    counter: fc.nat({ max: 0xffff }),
    size: fc.integer({ min: 20, max: 128 }),
    order: fc.array(fc.nat({ max: 40 }), { maxLength: 60 }),
  });
  fc.assert(
    fc.property(arrangement, ({ response, counter, size, order }) => {
      const count = Math.ceil(response.length / (size - 1));
      const assembler = createAssembler(counter, MAX_MESSAGE);
      const shuffled = [...order.map((number) => number % count), ...Array(count).keys()];
      const results = shuffled.map((number) =>
        assembler.accept(fragmentOf(response, counter, number, size)),
      );
      const first = results.find((result) => result !== undefined);
      expect(Buffer.from(first ?? [])).toEqual(Buffer.from(response));
    }),
  );
});

test("an assembler ignores the response before, empty fragments and responses that are too long", () => {
  const assembler = createAssembler(1, 10);
  expect(assembler.accept(fragmentOf(new Uint8Array(5), 0, 0, 50))).toBeUndefined();
  expect(assembler.accept(Uint8Array.of(64 | LAST_FRAGMENT))).toBeUndefined();
  expect(assembler.accept(fragmentOf(new Uint8Array(11), 1, 0, 50))).toBeUndefined();
  expect(assembler.accept(fragmentOf(new Uint8Array(10), 1, 0, 50))).toHaveLength(10);
});

test("an assembler takes arbitrary fragments without throwing", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 50 }), (fragments) => {
      const assembler = createAssembler(1, MAX_MESSAGE);
      for (const fragment of fragments) assembler.accept(fragment);
    }),
  );
});
