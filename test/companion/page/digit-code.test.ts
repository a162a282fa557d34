import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CODE_DIGITS,
  digitOfKey,
  editCode,
  inGroups,
} from "../../../companion/page/screens/test/digit-code.ts";

const digits = fc.stringMatching(/^\d{0,10}$/);

/** What a text field makes of a key, and the page of that. */
function press(before: string, caret: number, key: string): { digits: string; caret: number } {
  const text = inGroups(before);
  if (key === "Backspace") {
    const left = text.slice(0, Math.max(0, caret - 1));
    return editCode(before, left + text.slice(caret), left.length, "deleteContentBackward");
  }
  if (key === "Delete") {
    const right = text.slice(caret + 1);
    return editCode(before, text.slice(0, caret) + right, caret, "deleteContentForward");
  }
  return editCode(before, text.slice(0, caret) + key + text.slice(caret), caret + 1, "insertText");
}

describe("grouping", () => {
  test.each([
    ["", ""],
    ["012", "012"],
    ["0123", "012 3"],
    ["0123456789", "012 345 6789"],
    ["01234567890", "012 345 67890"],
  ])("%j is written %j", (code, written) => {
    expect(inGroups(code)).toBe(written);
  });

  test("what is typed digit by digit stands there in groups, the caret at its end", () => {
    fc.assert(
      fc.property(digits, (code) => {
        let state = { digits: "", caret: 0 };
        for (const digit of code) state = press(state.digits, state.caret, digit);
        expect(state).toEqual({ digits: code, caret: inGroups(code).length });
      }),
    );
  });
});

describe("the caret", () => {
  test("stays behind a digit that is typed in the middle", () => {
    expect(press("0123", 1, "9")).toEqual({ digits: "09123", caret: 2 });
    expect(press("012345", 3, "9")).toEqual({ digits: "0129345", caret: 5 });
  });

  test("goes back over a space together with the digit before it", () => {
    expect(press("0123", 4, "Backspace")).toEqual({ digits: "013", caret: 2 });
    expect(press("0123", 5, "Backspace")).toEqual({ digits: "012", caret: 3 });
  });

  test("deletes forwards over a space, too", () => {
    expect(press("0123", 3, "Delete")).toEqual({ digits: "012", caret: 3 });
  });

  test("backspace takes digits until none is left, wherever the groups end", () => {
    fc.assert(
      fc.property(digits, (code) => {
        let state = { digits: code, caret: inGroups(code).length };
        for (let left = code.length; left > 0; left--) {
          state = press(state.digits, state.caret, "Backspace");
          expect(state.digits).toBe(code.slice(0, left - 1));
        }
        expect(press("", 0, "Backspace")).toEqual({ digits: "", caret: 0 });
      }),
    );
  });

  test("does not move for a sign that is no digit", () => {
    expect(press("0123", 2, "x")).toEqual({ digits: "0123", caret: 2 });
  });
});

describe("pasting", () => {
  test.each(["0123456789", "012 345 6789", "012-345-67-89", " 0123 456\u00a0789\n"])(
    "%j is taken by its digits",
    (text) => {
      expect(editCode("", text, text.length, "insertFromPaste").digits).toBe("0123456789");
    },
  );

  test("a digit too many is kept, so that it can be seen", () => {
    const { digits: pasted } = editCode("", "01234567891", 11, "insertFromPaste");
    expect(pasted).toHaveLength(CODE_DIGITS + 1);
  });

  test("of a long text only a beginning is kept", () => {
    const text = "1".repeat(5000);
    expect(editCode("", text, text.length, "insertFromPaste").digits).toHaveLength(20);
  });
});

describe("keys by their place", () => {
  // Kazakh layout of Windows: the row of digits without Shift.
  test.each([
    ["Digit1", '"', "1"],
    ["Digit2", "ә", "2"],
    ["Digit6", ",", "6"],
    ["Digit9", "ұ", "9"],
    ["Digit0", "қ", "0"],
  ])("%s types %s under a Kazakh layout and is %s", (code, key, digit) => {
    expect(digitOfKey(code, key)).toBe(digit);
  });

  test("digits themselves, other keys and commands are left to the browser", () => {
    expect(digitOfKey("Digit1", "1")).toBeNull();
    expect(digitOfKey("Numpad7", "Home")).toBeNull();
    expect(digitOfKey("KeyQ", "й")).toBeNull();
    expect(digitOfKey("Enter", "Enter")).toBeNull();
  });
});
