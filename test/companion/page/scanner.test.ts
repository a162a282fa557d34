import fc from "fast-check";
import { expect, test } from "vitest";
import { cardIn, characterOf, isWhole, type Stroke } from "../../../companion/page/scanner.ts";
import { encodeCardCode } from "../../../companion/provisioning/card-code.ts";

/** Like a browser's event, whose fields are its prototype's. */
const asEvent = (fields: Stroke): Stroke => Object.create(fields);

const PLAIN = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
const CODE = "SQB1:70000001:00112233445566778899AABBCCDDEEFF:0123ABCD";

// What Windows makes of the keys, each unshifted and shifted.
const RUSSIAN: Readonly<Record<string, string>> = {
  KeyA: "фФ",
  KeyB: "иИ",
  KeyC: "сС",
  KeyD: "вВ",
  KeyE: "уУ",
  KeyF: "аА",
  KeyQ: "йЙ",
  KeyS: "ыЫ",
  Semicolon: "жЖ",
};
const KAZAKH: Readonly<Record<string, string>> = {
  ...RUSSIAN,
  Digit0: "қҚ",
  Digit1: '"!',
  Digit2: "әӘ",
  Digit3: "іІ",
  Digit4: "ңҢ",
  Digit5: "ғҒ",
  Digit6: ",;",
  Digit7: ".:",
  Digit8: "үҮ",
  Digit9: "ұҰ",
};

// How a scanner with the American layout types a character.
function strokeOf(character: string, layout: Readonly<Record<string, string>>): Stroke {
  const shiftKey = /[A-Z:]/.test(character);
  const code = /\d/.test(character)
    ? `Digit${character}`
    : character === ":"
      ? "Semicolon"
      : `Key${character.toUpperCase()}`;
  return asEvent({ ...PLAIN, shiftKey, code, key: layout[code]?.[Number(shiftKey)] ?? character });
}

const typed = (text: string, layout: Readonly<Record<string, string>>): string =>
  Array.from(text, (character) => characterOf(strokeOf(character, layout))).join("");

test.each([
  ["American", {}],
  ["Russian", RUSSIAN],
  ["Kazakh", KAZAKH],
])("a scanner's code is understood with the computer's %s layout", (_, layout) => {
  expect(typed(CODE, layout).toUpperCase()).toBe(CODE);
  expect(typed(CODE.toLowerCase(), layout).toUpperCase()).toBe(CODE);
});

test("digits of the number pad are digits", () => {
  expect(characterOf({ ...PLAIN, key: "7", code: "Numpad7" })).toBe("7");
});

test("keys that a layout has made dead are taken by their place", () => {
  expect(characterOf({ ...PLAIN, key: "Dead", code: "KeyE" })).toBe("E");
});

test.each([
  ["Enter", "Enter"],
  ["Shift", "ShiftLeft"],
  ["F1", "F1"],
  [" ", "Space"],
  ["!", "Digit1", true],
  ["ж", "Semicolon"],
])("the key %s stands for no character", (key, code, shiftKey = false) => {
  expect(characterOf({ ...PLAIN, key, code, shiftKey: Boolean(shiftKey) })).toBeNull();
});

test("shortcuts are left alone", () => {
  const paste = asEvent({ ...PLAIN, key: "v", code: "KeyV", ctrlKey: true });
  expect(characterOf(paste)).toBeNull();
});

test("every card's code is whole, and none of its beginnings", () => {
  const identity = fc.record({
    serial: fc.integer({ min: 0, max: 0xffffffff }),
    key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  });
  fc.assert(
    fc.property(identity, (each) => {
      const code = encodeCardCode(each);
      expect(isWhole(code)).toBe(true);
      expect(isWhole(code.toLowerCase())).toBe(true);
      for (let length = 0; length < code.length; length++) {
        expect(isWhole(code.slice(0, length))).toBe(false);
      }
    }),
    { numRuns: 50 },
  );
});

test("half a code before a whole one is dropped", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: CODE.length - 1 }), (length) => {
      expect(cardIn(CODE.slice(0, length) + CODE)).toBe(CODE);
    }),
  );
});

test("space and line ends around a pasted code are dropped", () => {
  expect(cardIn(` ${CODE}\r\n`)).toBe(CODE);
});
